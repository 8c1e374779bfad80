#pragma once
// What the program tells the shell (interfaces.md, conventions).

namespace datagen::tools {

enum exit_code : int {
  exit_ok = 0,
  exit_failed = 1,              ///< The operation failed or an assertion is not met.
  exit_usage = 2,               ///< Arguments that make no sense.
  exit_inconclusive = 3,        ///< A scenario ended without an answer.
  exit_unsafe = 4,              ///< A safety violation was found.
  exit_bad_input = 65,          ///< An input file is malformed or not there.
  exit_unavailable = 69,        ///< A port or peer is not available.
  exit_internal = 70,           ///< Our own error.
  exit_no_data_directory = 73,  ///< A data directory or file cannot be created.
  exit_io = 74,                 ///< Reading or writing failed.
  exit_permission = 77,         ///< Not allowed: file permissions, a wrong passphrase.
  exit_configuration = 78,      ///< A configuration is refused.
};

}  // namespace datagen::tools
