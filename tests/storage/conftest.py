"""The stores under test."""

from tests.support.databases import (
    blank_postgres,
    database,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_template,
    store,
)

__all__ = [
    "blank_postgres",
    "database",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_template",
    "store",
]
