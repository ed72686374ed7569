"""The history of the tables; run by `portal.writing.migrating`."""
