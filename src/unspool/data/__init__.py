"""Files to a `Batch`, in NumPy alone.

    columns             what `--columns` says
    files, zstd         bytes and lines of plain and compressed files
    formats             which ending stands for which kind of table: tsv_file, csv_file, jsonl_file
    tables, parallel    pairs of source and target, streamed anew at each pass; `reading` counts what was skipped
    inputs              the files of a run
    sources             what predict reads: sources alone, a line in and a line out
    splits, hashing     sources held out for validation
    ragged, corpus      pairs as ids, and padded batches of them
    buckets             which examples share a batch
    fingerprint         which data a run has seen
    description, tally  what `unspool describe` says of a table

A row that breaks a rule is a `Mistake` naming file and line; a blank or overlong one is skipped, counted and said.
"""
