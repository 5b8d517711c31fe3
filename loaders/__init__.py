"""Loaders: bring published files into Postgres and say where each row came from.

Importing this package is cheap on purpose: it is imported by every ``dlt`` and ``dbt``
process of the environment through their plugin hooks.
"""

__version__ = "0.1.0"
