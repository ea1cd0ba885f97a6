"""What runs in a browser: `engine`, which answers there with exported models, and `page`, which shows a model at work.

Both are plain ES modules and style sheets, without a build step. Python only reads and copies them.
"""
