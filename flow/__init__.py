"""WHAT HAPPENED: state machines, the append-only history, attachments. Knows no department."""
