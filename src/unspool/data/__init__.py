"""Files to a `Batch`, in NumPy alone.

    columns            what `--columns` says
    files, zstd        bytes and lines of plain and compressed files
    tsv_file, csv_file, jsonl_file   the rows of each kind of table, and `formats`, which knows them by their ending
    tables, parallel   pairs of source and target, streamed anew at each pass; `reading` counts what was passed over
    sources            what predict reads: sources alone, a line in and a line out
    splits             sources held out for validation
    ragged, corpus     pairs as ids, and padded batches of them
    buckets            which examples share a batch
    fingerprint        which data a run has seen
    description        what `unspool describe` says of a table
"""
