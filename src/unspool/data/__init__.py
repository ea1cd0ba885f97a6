"""Files to a `Batch`, in NumPy alone.

    read_once                  standard input and pipes, copied at their first reading
    files, zstd, expansion     bytes of plain and compressed files, within bounds
    lines, encodings           lines of text from bytes
    formats                    the table format of each file ending: tsv_file, csv_file, jsonl_file
    columns, dialect, reading  which columns of a table are read, and how its rows are written
    tables, parallel           pairs of source and target, streamed anew in each pass
    arrays, npz                sequences of real values
    read_stats                 counts of the rows that were skipped
    inputs                     the files of a run
    sources                    the sources of `unspool predict`, one for each line
    splits, hashing            sources held out for validation
    ragged, corpus             pairs as ids, and padded batches of them
    buckets                    which examples share a batch
    fingerprint                a hash of the data of a run
    description, column_stats  the description of a table by `unspool describe`

A row that breaks a rule is a `Mistake` that names file and line. A blank or too long row is skipped, counted and
reported.
"""
