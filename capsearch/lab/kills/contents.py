"""What a catalog says, without what may differ between two runs that ended alike: ids, times."""

from capsearch.catalog.catalog import Catalog

Contents = dict[str, list[tuple[object, ...]]]

_QUESTIONS = {
    "photos": "SELECT hash, byte_size, width, height, format, searchable, taken_local,"
    " taken_offset, taken_source, latitude, longitude, camera, rating, title, texts"
    " FROM photos ORDER BY hash",
    "files": "SELECT path, hash, size, mtime_ns, state, metadata, beside, companion"
    " FROM files JOIN photos ON photos.id = photo_id ORDER BY path",
    "keywords": "SELECT hash, position, keyword FROM keywords JOIN photos ON id = photo_id"
    " ORDER BY hash, position",
    "people": "SELECT hash, position, name, source, x, y, w, h FROM people"
    " JOIN photos ON id = photo_id ORDER BY hash, position",
    "words": "SELECT hash, words.title, words.texts, keywords, people, album, name, words.camera,"
    " place FROM words JOIN photos ON id = words.rowid ORDER BY hash",
    "labels": "SELECT hash, field, folded, name FROM labels JOIN photos ON id = photo_id"
    " ORDER BY hash, field, folded",
    "embeddings": "SELECT identity, hash, vector FROM embeddings JOIN photos ON"
    " photos.id = photo_id JOIN encoders ON encoders.id = encoder_id ORDER BY identity, hash",
    "failures": "SELECT path, size, mtime_ns, reason, passing FROM failures ORDER BY path",
    "folders": "SELECT path, state, exclude FROM folders ORDER BY path",
}


def contents(catalog: Catalog) -> Contents:
    """Read all of it, a sorted list for each table."""
    return {
        name: catalog.connection.execute(question).fetchall()
        for name, question in _QUESTIONS.items()
    }
