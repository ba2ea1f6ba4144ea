"""What stands outside the wall, with the application's privileges and the reason. A test compares."""

READ = "SELECT"
WRITE = "SELECT, INSERT, UPDATE"
FULL = "SELECT, INSERT, UPDATE, DELETE"
APPEND = "SELECT, INSERT"

OUTSIDE: dict[str, tuple[str, str]] = {
    "tenancy_consortium": (WRITE, "a name; read across hospitals"),
    "tenancy_hospital": (WRITE, "needed to find out the scope; names and sizes only"),
    "tenancy_contractor": (WRITE, "works across hospitals; a name and a registration number"),
    "tenancy_role": (WRITE, "needed to find out the scope; names of permissions"),
    "tenancy_grant": (WRITE, "needed to find out the scope; ids and dates"),
    "tenancy_door": (WRITE, "opened without an account; random tokens"),
    "reporting_screen": (WRITE, "opened without an account; digests of random tokens"),
    "tenancy_refusal": (APPEND, "written when there is no scope; a path and a status"),
    "accounts_user": (WRITE, "sign-in, name and language; people work at several hospitals"),
    "accounts_token": (WRITE, "read before the scope; digests"),
    "accounts_onetimecode": (WRITE, "read before the scope; digests"),
    "accounts_signin": (APPEND, "written when there is no scope"),
    "notices_preference": (WRITE, "how a person likes to be told, everywhere; like the language"),
    "django_session": (FULL, "read before the scope"),
    "django_content_type": (READ, "Django's own list of models"),
    "django_migrations": (READ, "what the database was migrated to"),
}

# Brought by packages and not used: the application may not even read them.
UNUSED = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
}
