"""WHO: people, their sign-in and their API tokens. Knows no hospital."""
