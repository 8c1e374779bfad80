// What all commands use to talk: failures, tables, files, and the nearest known word.

#include "protocol/types.hpp"
#include "tools/datagen/commands.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <numeric>

namespace datagen::tools {

exit_code fail(exit_code code, const std::string& sentence) {
  std::cerr << "datagen: " << sentence << '\n';
  return code;
}

void print_table(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& row : rows)
    width = std::max(width, row.first.size());
  for (const auto& [name, value] : rows)
    std::cout << name << (value.empty() ? "" : std::string(width - name.size() + 2, ' ')) << value
              << '\n';
}

file_text read_file(const std::string& path, std::size_t bytes_max) {
  std::ifstream file;
  errno = 0;
  if (path != "-")
    file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  file_text result;
  result.content.resize(bytes_max + 1);
  if (in)
    in.read(result.content.data(), static_cast<std::streamsize>(result.content.size()));
  if (!in.eof() && (in.fail() || in.bad())) {
    const auto why = errno != 0 ? std::strerror(errno) : "it is not a readable file";
    return {{}, fail(exit_bad_input, "cannot read " + path + ": " + why)};
  }
  const auto size = static_cast<std::size_t>(in.gcount());
  if (size > bytes_max)
    return {{},
            fail(exit_bad_input, path + " has more than " + std::to_string(bytes_max) +
                                   " bytes, the most that is read")};
  result.content.resize(size);
  return result;
}

namespace {

/// Levenshtein distance.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + " " + app.get_name();
}

std::string sentence_for(const std::string& what, const std::string& word, const CLI::App& app,
                         const std::vector<std::string>& known) {
  auto result = full_name(app) + " knows no " + what + " '" + word + "'";
  if (const auto close = nearest(word, known); !close.empty())
    return result + "; did you mean '" + close + "'?";
  for (std::size_t i = 0; i < known.size(); ++i)
    result += (i == 0 ? "; it knows " : ", ") + known[i];
  return result;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> result;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      result.push_back("--" + name);
  return result;
}

}  // namespace

std::string check_uint64(const std::string& text) {
  const auto value = protocol::from_decimal(text);
  if (value && *value <= ~std::uint64_t{0})
    return {};
  return "'" + text + "' is not a whole number from 0 to 18446744073709551615";
}

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  for (const auto& x : known)
    if (word.size() >= 3 && x.starts_with(word) && (best.empty() || x.size() < best.size()))
      best = x;
  if (!best.empty())
    return best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& x : known)
    if (const auto d = distance(word, x); d < least) {
      least = d;
      best = x;
    }
  return best;
}

std::string explain_unknown(const CLI::App& program, const std::vector<std::string>& arguments) {
  const CLI::App* app = &program;
  for (const auto& word : arguments) {
    if (word == "--")
      break;
    const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
    std::vector<std::string> names;
    for (const auto* x : commands)
      names.push_back(x->get_name());
    if (word.starts_with("--")) {
      const auto flag = word.substr(0, word.find('='));
      const auto known = flags_of(*app);
      if (std::find(known.begin(), known.end(), flag) == known.end())
        return sentence_for("flag", flag, *app, known);
    } else if (!names.empty() && !word.starts_with("-")) {
      const auto at = std::find(names.begin(), names.end(), word);
      if (at == names.end())
        return sentence_for("command", word, *app, names);
      app = commands[static_cast<std::size_t>(at - names.begin())];
    }
  }
  return {};
}

}  // namespace datagen::tools
