/// Builds the input of `search.bm25` from text files; usage in README.md beside this file.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/search/index_builder.hpp"

namespace {

constexpr const char* usage =
  "usage: bm25_index --output FILE --queries FILE [--lines] [--impact 1|2] TEXT...\n";
constexpr std::streamoff file_bytes_max = std::streamoff{1} << 30;  // more than a job may hold

struct arguments {
  std::string output, queries;
  bool lines = false;
  std::uint32_t impact = 2;
  std::vector<std::string> texts;
};

arguments parse(int count, char** words) {
  arguments x;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&] {
      if (++i == count)
        throw std::invalid_argument(word + " needs a value");
      return std::string(words[i]);
    };
    if (word == "--output") {
      x.output = value();
    } else if (word == "--queries") {
      x.queries = value();
    } else if (word == "--lines") {
      x.lines = true;
    } else if (word == "--impact") {
      const std::string bytes = value();
      if (bytes != "1" && bytes != "2")
        throw std::invalid_argument("--impact is '" + bytes + "', expected 1 or 2");
      x.impact = bytes == "1" ? 1 : 2;
    } else if (word.starts_with("--")) {
      throw std::invalid_argument("unknown option " + word);
    } else {
      x.texts.push_back(word);
    }
  }
  if (x.output.empty() || x.queries.empty() || x.texts.empty())
    throw std::invalid_argument("--output, --queries and at least one text file are needed");
  return x;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file)
    throw std::runtime_error("cannot read " + path);
  if (file.tellg() > file_bytes_max)
    throw std::runtime_error(path + " is larger than 1 GiB, split it");
  file.seekg(0);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const void* data, std::size_t size) {
  std::ofstream file(path, std::ios::binary);
  file.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  if (!file.flush())
    throw std::runtime_error("cannot write " + path);
}

/// Adds the documents of one file; returns their names, one a line.
std::string add_file(datagen::kernels::search::index_builder& builder, const std::string& path,
                     bool lines) {
  const std::string text = read_file(path);
  if (!lines) {
    builder.add(text);
    return path + "\n";
  }
  std::string names;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r\f\v") == std::string::npos)
      continue;
    builder.add(line);
    names += path + ":" + std::to_string(number) + "\n";
  }
  return names;
}

void build(const arguments& x) {
  datagen::kernels::search::index_builder builder;
  std::string names;
  for (const std::string& path : x.texts)
    names += add_file(builder, path, x.lines);
  const auto index = builder.finish(read_file(x.queries), x.impact);
  write_file(x.output, index.data(), index.size());
  write_file(x.output + ".documents", names.data(), names.size());
  std::printf("%u documents, %zu bytes: %s\n", builder.documents(), index.size(), x.output.c_str());
}

}  // namespace

int main(int count, char** words) {
  try {
    build(parse(count, words));
    return 0;
  } catch (const std::invalid_argument& e) {
    std::fprintf(stderr, "%s\n%s", e.what(), usage);
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
