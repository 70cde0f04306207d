// twinning: the command line of one member's replica. Wiring only.
#include <iostream>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"

int main(int argc, char** argv) {
  twinning::cli::CommandLine line;
  twinning::cli::AddAll(line);
  twinning::cli::Context context(std::cin, std::cout, std::cerr);
  return line.Run(argc, argv, context);
}
