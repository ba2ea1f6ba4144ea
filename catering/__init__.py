"""CATERING: meals for patients, staff and guests."""
