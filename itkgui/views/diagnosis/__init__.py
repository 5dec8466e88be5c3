"""What is wrong with this computer or the program: the doctor, the log, faults, the support bundle."""
