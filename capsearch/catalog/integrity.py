"""Is a library file whole? For `capsearch doctor`: slow checks that no run needs."""

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.faults import translated

# Each question lists what must not exist.
_INVARIANTS: tuple[tuple[str, str], ...] = (
    (
        "photos whose searchable mark contradicts their files",
        "SELECT count(*) FROM photos p WHERE p.searchable <> EXISTS"
        " (SELECT 1 FROM files WHERE photo_id = p.id AND state <> 'missing' AND NOT companion)",
    ),
    (
        "vectors of a wrong length",
        "SELECT count(*) FROM embeddings e JOIN encoders n ON n.id = e.encoder_id"
        " WHERE length(e.vector) <> 2 * n.dim",
    ),
    (
        "files that are both a photo's place and a failure",
        "SELECT count(*) FROM files JOIN failures USING (path)",
    ),
    (
        "searchable photos that cannot be found by their words, or others that can",
        "SELECT count(*) FROM photos LEFT JOIN words ON words.rowid = id"
        " WHERE searchable <> (words.rowid IS NOT NULL)",
    ),
    (
        "missing files without the time since when",
        "SELECT count(*) FROM files WHERE (state = 'missing') <> (missing_since IS NOT NULL)",
    ),
)


def find_problems(catalog: Catalog) -> tuple[str, ...]:
    """Check the file's structure, its keys and the catalog's own rules; () where all is well.

    Raises `CapsearchError` where the damage is such that the file cannot be read at all.
    """
    run = catalog.connection.execute
    with translated(catalog.path):
        problems = [str(row[0]) for row in run("PRAGMA quick_check(20)") if row[0] != "ok"]
        broken = len(run("PRAGMA foreign_key_check").fetchall())
        if broken:
            problems.append(f"{broken} records point to something that is not there")
        for name, question in _INVARIANTS:
            count = run(question).fetchone()[0]
            if count:
                problems.append(f"{count} {name}")
    return tuple(problems)
