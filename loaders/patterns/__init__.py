"""``hindcast patterns``: the marts of patterns as reports for people and programs."""
