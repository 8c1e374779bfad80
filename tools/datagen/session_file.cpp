#include "tools/datagen/session_file.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/json_fields.hpp"

#include "protocol/crypto/bech32m.hpp"

namespace datagen::tools {

using namespace protocol;
namespace files = std::filesystem;

namespace {

constexpr std::size_t session_file_bytes_max = 4 << 20;
constexpr const char* session_format = "datagen-sessions-1";

files::path default_path() {
  if (const auto* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0')
    return files::path{state} / "datagen" / "sessions.json";
  const auto* home = std::getenv("HOME");
  return files::path{home != nullptr ? home : "."} / ".local" / "state" / "datagen" /
         "sessions.json";
}

}  // namespace

session_file::session_file(const std::string& path) : path_(path.empty() ? default_path() : files::path{path}) {
  std::error_code error;
  if (path_.has_parent_path())
    files::create_directories(path_.parent_path(), error);
  if (error)
    throw failure(exit_no_data_directory,
                  "cannot create " + path_.parent_path().string() + ": " + error.message());
}

std::vector<session_file::entry> session_file::read() const {
  if (std::error_code error; !files::exists(path_, error) && !error)
    return {};
  const auto text = load_file(path_.string(), session_file_bytes_max);
  try {
    const auto parsed = parse_json(text, "its content");
    if (text_field(parsed, "format") != session_format)
      wrong_field("format", session_format);
    std::vector<entry> entries;
    for (const auto& x : list_field(parsed, "sessions")) {
      const auto account = from_address(text_field(x, "account"));
      const auto next = count_field(x, "next_sequence");
      if (!account || next > ~std::uint32_t{0})
        wrong_field(account ? "next_sequence" : "account", "an address or a sequence number");
      entries.push_back({{fixed_field<chain_id>(x, "chain"), *account},
                         {count_field(x, "session")},
                         static_cast<std::uint32_t>(next)});
    }
    return entries;
  } catch (const failure& why) {
    throw failure(exit_bad_input, path_.string() + " is no session file: " + why.what());
  }
}

void session_file::write(const std::vector<entry>& entries) const {
  boost::json::array list;
  for (const auto& x : entries)
    list.emplace_back(boost::json::object{{"chain", to_hex(x.owner.chain)},
                                          {"account", to_address(x.owner.account)},
                                          {"session", std::to_string(x.session.value)},
                                          {"next_sequence", x.next_sequence}});
  write_durably(path_, boost::json::serialize(boost::json::object{{"format", session_format},
                                                                  {"sessions", std::move(list)}}) +
                         "\n");
}

std::optional<session_id> session_file::current(const session_owner& owner) const {
  const file_lock lock{path_};
  std::optional<session_id> result;
  for (const auto& x : read())
    if (x.owner == owner)
      result = x.session;
  return result;
}

std::optional<std::uint32_t> session_file::next_sequence(const session_owner& owner,
                                                         session_id session) const {
  const file_lock lock{path_};
  for (const auto& x : read())
    if (x.owner == owner && x.session == session)
      return x.next_sequence;
  return std::nullopt;
}

void session_file::remember(const session_owner& owner, session_id session,
                            std::uint32_t next_sequence) const {
  const file_lock lock{path_};
  auto entries = read();
  entry fresh{owner, session, next_sequence};
  std::erase_if(entries, [&](const entry& x) {
    const bool same = x.owner == owner && x.session == session;
    if (same)
      fresh.next_sequence = std::max(fresh.next_sequence, x.next_sequence);
    return same;
  });
  entries.push_back(fresh);
  write(entries);
}

std::uint32_t session_file::take_sequence(const session_owner& owner, session_id session) const {
  const file_lock lock{path_};
  auto entries = read();
  for (auto& x : entries)
    if (x.owner == owner && x.session == session) {
      const auto taken = x.next_sequence++;
      write(entries);
      return taken;
    }
  throw failure(exit_failed, path_.string() + " no longer knows session " +
                               std::to_string(session.value));
}

}  // namespace datagen::tools
