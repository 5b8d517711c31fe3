"""What a dry run would find in its files: they are read, and nothing is kept."""

from __future__ import annotations

from loaders import plan, reading
from loaders.errors import HindcastError
from loaders.ledger import Ended
from loaders.model import Pipeline, Preview
from loaders.plan import Work


def look(
    pipeline: Pipeline, work: list[Work], limit: int | None
) -> tuple[list[Ended], list[str]]:
    """The files to load, and what is in them where the pipeline tells it.

    A file that cannot be read is told as a run would tell it. What a database has that
    is new is not looked into: a dry run keeps none of it.

    Args:
        pipeline: Whose files they are.
        work: The files.
        limit: ``--limit``, as typed.
    """
    preview = pipeline.preview(limit) if pipeline.preview else None
    ended = [_looked_at(pipeline, item, preview) for item in work]
    if preview is None or not work:
        return ended, []
    lines = preview.lines()
    lines += [
        f"not looked into: {item.file.source}: a dry run keeps nothing of a database"
        for item in work
        if item.file.details is not None
    ]
    return ended, lines


def _looked_at(pipeline: Pipeline, item: Work, preview: Preview | None) -> Ended:
    file = item.file
    to_load = Ended(file.source, file.name, "to load", item.file_id)
    if preview is None or item.same_as is not None or file.details is not None:
        return to_load
    try:
        read, _ = reading.read_one(pipeline, file, item.sha256)
        if isinstance(read, HindcastError):
            raise read
        preview.add(read)
    except HindcastError as error:
        return plan.ended_badly(pipeline, file.source, file.name, error)
    except Exception as error:
        problem = plan.unexpected(error, file.source)
        return plan.ended_badly(pipeline, file.source, file.name, problem)
    return to_load
