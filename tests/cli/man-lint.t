The man page is free of faults.

%needs command -v mandoc
  $ mandoc -Tlint -W all $CASES/../../src/cli/nixie.1
