"""The catalog's tables and the forward steps that make an older file a current one.

`PRAGMA user_version` counts the steps a file has seen. A step is never edited once released: a
change of the schema is a new step at the end.
"""

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x43617053  # "CapS", shown by file(1) and checked before anything is touched

Step = tuple[str, ...] | Callable[[sqlite3.Connection], None]

_FIRST: tuple[str, ...] = (
    # The folders the user gave. `offline` means that it could not be reached at the last look.
    """
    CREATE TABLE folders (
        path BLOB PRIMARY KEY,
        state TEXT NOT NULL DEFAULT 'online' CHECK (state IN ('online', 'offline')),
        added_at REAL NOT NULL,
        scanned_at REAL
    ) WITHOUT ROWID
    """,
    # A photo is its content. AUTOINCREMENT: an id is never used again, so that a cache which
    # still holds the id of a purged photo can only miss, never name another photo.
    # `searchable`, the date and what follows it are derived from the photo's places.
    """
    CREATE TABLE photos (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 20),
        byte_size INTEGER NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        format TEXT NOT NULL,
        searchable INTEGER NOT NULL DEFAULT 0 CHECK (searchable IN (0, 1)),
        missing_since REAL,
        taken_local TEXT,
        taken_offset INTEGER,
        taken_source TEXT,
        latitude REAL,
        longitude REAL,
        camera TEXT,
        rating INTEGER
    )
    """,
    "CREATE INDEX photos_by_size ON photos (byte_size)",
    "CREATE INDEX photos_by_date ON photos (taken_local)",
    # A file is a place where a photo lies. `metadata` is what was read there (JSON): a sidecar,
    # a dated name and a file time belong to the place, not to the content.
    """
    CREATE TABLE files (
        path BLOB PRIMARY KEY,
        photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'present' CHECK (state IN ('present', 'offline', 'missing')),
        missing_since REAL,
        metadata TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX files_by_photo ON files (photo_id)",
    """
    CREATE TABLE keywords (
        photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        keyword TEXT NOT NULL,
        PRIMARY KEY (photo_id, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX keywords_by_text ON keywords (keyword)",
    """
    CREATE TABLE people (
        photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        source TEXT NOT NULL,
        x REAL, y REAL, w REAL, h REAL,
        PRIMARY KEY (photo_id, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX people_by_name ON people (name)",
    # Each encoder has its own complete set of vectors and its own generation, so that a second
    # set can grow while the first one answers.
    """
    CREATE TABLE encoders (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        dim INTEGER NOT NULL,
        generation INTEGER NOT NULL DEFAULT 0,
        added_at REAL NOT NULL
    )
    """,
    # Clustered by encoder, then photo: the bulk read is one pass over neighbouring pages.
    """
    CREATE TABLE embeddings (
        encoder_id INTEGER NOT NULL REFERENCES encoders (id) ON DELETE CASCADE,
        photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        vector BLOB NOT NULL,
        PRIMARY KEY (encoder_id, photo_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX embeddings_by_photo ON embeddings (photo_id)",
    # `passing`: the reason may go away though the file stays the same (permissions, I/O errors,
    # unreadable folders), so it is tried again on every run. `size` -1: nothing is known.
    """
    CREATE TABLE failures (
        path BLOB PRIMARY KEY,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        reason TEXT NOT NULL,
        passing INTEGER NOT NULL CHECK (passing IN (0, 1)),
        failed_at REAL NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
)

_SECOND: tuple[str, ...] = (
    # The user's patterns of what to leave out (JSON), and the volume the folder was last seen on.
    "ALTER TABLE folders ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE folders ADD COLUMN device TEXT",
    "ALTER TABLE folders ADD COLUMN mount BLOB",
    # `beside` stamps the sidecars and companions of a photo's file, empty where there are none.
    "ALTER TABLE files ADD COLUMN beside BLOB NOT NULL DEFAULT x''",
    # A companion is no photo of its own: the raw file of a JPEG, the video of a Live Photo.
    "ALTER TABLE files ADD COLUMN companion INTEGER NOT NULL DEFAULT 0 CHECK (companion IN (0, 1))",
    "CREATE INDEX files_by_missing ON files (missing_since) WHERE missing_since IS NOT NULL",
    "CREATE INDEX photos_by_missing ON photos (missing_since) WHERE missing_since IS NOT NULL",
)

_THIRD: tuple[str, ...] = (
    "ALTER TABLE photos ADD COLUMN title TEXT",
    "ALTER TABLE photos ADD COLUMN texts TEXT NOT NULL DEFAULT '[]'",  # JSON
    # The words of each searchable photo, by its id, folded as `capsearch.text` does.
    """
    CREATE VIRTUAL TABLE words USING fts5 (
        title, texts, keywords, people, album, name, camera, place,
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    )
    """,
    # The names of each searchable photo, for filters and completion; `folded` is compared.
    """
    CREATE TABLE labels (
        field TEXT NOT NULL,
        folded TEXT NOT NULL,
        photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (field, folded, photo_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX labels_by_photo ON labels (photo_id)",
    # No stamp of what lies beside a photo: each file is read again by the next run, for its
    # title, captions and places, which were not kept so far. No photo is encoded again for that.
    "UPDATE files SET beside = x'00' WHERE NOT companion",
)

_FOURTH: tuple[str, ...] = (
    # Places by name, once each; "" stands for what is not known.
    """
    CREATE TABLE localities (
        id INTEGER PRIMARY KEY,
        city TEXT NOT NULL,
        region TEXT NOT NULL,
        country TEXT NOT NULL,
        around TEXT NOT NULL,
        german_city TEXT NOT NULL,
        german_region TEXT NOT NULL,
        german_country TEXT NOT NULL,
        german_around TEXT NOT NULL,
        UNIQUE (city, region, country, around)
    )
    """,
    # Every name that a place is found by, and that of its names that stands in lists.
    """
    CREATE TABLE spellings (
        folded TEXT NOT NULL,
        locality_id INTEGER NOT NULL REFERENCES localities (id) ON DELETE CASCADE,
        listed TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (folded, locality_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX spellings_by_locality ON spellings (locality_id)",
    "ALTER TABLE photos ADD COLUMN locality_id INTEGER REFERENCES localities (id)",
    "CREATE INDEX photos_by_locality ON photos (locality_id)"
    " WHERE searchable AND locality_id IS NOT NULL",
    # Every photo that can be found, by date: filters and the list by date read no table.
    "DROP INDEX photos_by_date",
    "CREATE INDEX photos_by_date ON photos (taken_local) WHERE searchable",
    "CREATE INDEX photos_by_rating ON photos (rating) WHERE searchable AND rating IS NOT NULL",
)

_CUT_OFF: tuple[str, ...] = (
    "ALTER TABLE photos ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0",
    # What was refused so far and may be read now, in part or whole, is tried again.
    "DELETE FROM failures WHERE reason LIKE 'the file is cut off%'"
    " OR reason LIKE 'the file is damaged%' OR reason LIKE 'not a photo%'",
)

_PERCEPTUAL_HASH: tuple[str, ...] = (
    # NULL until the photo is decoded the next time, and for what cannot be.
    "ALTER TABLE photos ADD COLUMN perceptual_hash BLOB"
    " CHECK (perceptual_hash IS NULL OR length(perceptual_hash) = 16)",
    # As in _THIRD: the next run reads each file again, for this and for its date, which is read by
    # what it means, as exactly as it is known and by the clock of the place. It encodes none.
    "UPDATE files SET beside = x'00' WHERE NOT companion",
)

_VIDEOS: tuple[str, ...] = (
    # The length of what is a video; NULL for photos, and where a video does not tell.
    "ALTER TABLE photos ADD COLUMN seconds REAL",
)

_STACKS: tuple[str, ...] = (
    # Photos that are near copies of a better one, which stands for all of them. Derived, and made
    # anew where it is missing.
    """
    CREATE TABLE stacks (
        photo_id INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
        best_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX stacks_by_best ON stacks (best_id)",
)

_MORE_FORMATS: tuple[str, ...] = (
    # As in _CUT_OFF: more layouts of TIFF are read, and more kinds of file that are cut off.
    "DELETE FROM failures WHERE reason LIKE 'the file is cut off%'"
    " OR reason LIKE 'the file is damaged%' OR reason LIKE '%of a kind that is not read'",
)

_DECODING: tuple[str, ...] = (
    # The version of decoding (photos.decoding_version) that the vector's picture was made by.
    "ALTER TABLE embeddings ADD COLUMN decoding INTEGER NOT NULL DEFAULT 0",
)

_TAUGHT: tuple[str, ...] = (
    # What the person says that photos show. Photos are meant by their content, for they are to be
    # known again when they have left the library and come back.
    """
    CREATE TABLE subjects (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        called TEXT NOT NULL,
        ignored INTEGER NOT NULL CHECK (ignored IN (0, 1))
    )
    """,
    """
    CREATE TABLE subject_photos (
        subject_id INTEGER NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
        hash BLOB NOT NULL CHECK (length(hash) = 20),
        shows INTEGER NOT NULL CHECK (shows IN (0, 1)),
        PRIMARY KEY (subject_id, hash)
    ) WITHOUT ROWID
    """,
    # Which photo is meant by 'my ...' in these words, and which is not.
    """
    CREATE TABLE wishes (
        words TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 20),
        more INTEGER NOT NULL CHECK (more IN (0, 1)),
        PRIMARY KEY (words, hash)
    ) WITHOUT ROWID
    """,
    # How all of it was before each lesson, to be taken back.
    "CREATE TABLE lessons (id INTEGER PRIMARY KEY AUTOINCREMENT, taught_at REAL NOT NULL,"
    " before BLOB NOT NULL)",
)

_DATES_OF_FILES: tuple[str, ...] = (
    # Photos of which no date but their file's is known, which stand behind all others by date.
    "CREATE INDEX photos_by_file_date ON photos (id) WHERE searchable AND taken_source = 'file'",
)

STEPS: tuple[Step, ...] = (
    _FIRST,
    _SECOND,
    _THIRD,
    _FOURTH,
    _CUT_OFF,
    _PERCEPTUAL_HASH,
    _VIDEOS,
    _STACKS,
    _MORE_FORMATS,
    _DECODING,
    _TAUGHT,
    _DATES_OF_FILES,
)
