"""Rows of exports, whoever wrote them: csv, encodings, faults, landing batches.

What the rows are about is a :class:`~loaders.rows.vocabulary.Vocabulary`.
"""
