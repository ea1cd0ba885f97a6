"""Fields: what one side of an example is, one kind of data a file.

A field is learned from data (`fit`), turns what people give into arrays (`encode`), cuts and pads them (`truncate`,
`collate`), turns answers back (`decode`), shows them (`display`), is stored as JSON, and says what a network must know
of it (`dimension`). Nothing else in the package asks which kind of data it has before it.
"""
