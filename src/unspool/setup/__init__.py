"""From configuration and data to a run that is ready to train.

recognition            which model suits the data, where none is named
recommended, defaults  what the data and the minutes decide, where a setting is not given
changes                what a resumed or inherited run may change
ready_run              everything is read, built and checked once
run_metadata           what run.json records besides the settings
"""
