"""The parts of a report, each made from what a run or a comparison holds."""
