"""What each task of the command line does: one module a task, its `perform` named in `sim.cli.task`."""
