"""The one store: tables, units of work, migrations."""
