"""Models behind HTTP: requests of many clients are gathered into batches, bounded in every direction, without PyTorch.

A request becomes a `Job` (job.py), which waits in the `Batcher` of its model (batcher.py). The batcher's one thread
takes a source of each waiting job in turn, answers them together with the model's predictor, and hands each answer to
its job. `Service` (service.py) admits jobs and turns answers into JSON; app.py is the routes, server.py the sockets.
"""
