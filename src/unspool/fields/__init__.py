"""Fields: one side of an example, source or target. One file for each kind of data.

A field is fitted on data (`fit`), turns raw data into arrays (`encode`), cuts and pads them (`truncate`, `collate`),
turns answers back into raw data (`decode`), shows them (`display`), is stored as JSON, and tells a network its
`dimension`. No other part of the package depends on the kind of data.
"""
