#include "tools/bench/authors/committee_file.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <sstream>

namespace datagen::bench {

namespace {

std::string text_of(const process_address& x) { return x.host + ":" + std::to_string(x.port); }

template <class Number>
bool read(const std::string& text, Number& x) {
  const auto end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, x);
  return error == std::errc{} && last == end;
}

bool read(const std::string& text, process_address& x) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos)
    return false;
  x.host = text.substr(0, colon);
  return read(text.substr(colon + 1), x.port);
}

bool read(const std::string& text, chain_kind& x) {
  x = text == "log" ? chain_kind::log : chain_kind::ledger;
  return text == "log" || text == "ledger";
}

bool read_line(const std::string& name, const std::string& value, committee_file& x) {
  if (name == "chain")
    return read(value, x.chain);
  if (name == "coin")
    return !(x.coin = value).empty();
  if (name == "time_ms")
    return read(value, x.time_ms);
  if (name == "min_round_ms")
    return read(value, x.min_round_ms);
  if (name == "author")
    return read(value, x.authors.emplace_back());
  return name == "client" && read(value, x.client);
}

}  // namespace

std::string to_text(const committee_file& x) {
  std::ostringstream out;
  out << "chain = " << (x.chain == chain_kind::log ? "log" : "ledger") << "\ncoin = " << x.coin
      << "\ntime_ms = " << x.time_ms << "\nmin_round_ms = " << x.min_round_ms << '\n';
  for (const auto& author : x.authors)
    out << "author = " << text_of(author) << '\n';
  out << "client = " << text_of(x.client) << '\n';
  return out.str();
}

std::optional<committee_file> read_committee(const std::string& text, std::string& why) {
  committee_file result;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find(" = ");
    if (equals == std::string::npos ||
        !read_line(line.substr(0, equals), line.substr(equals + 3), result)) {
      why = "the committee file does not understand \"" + line + "\"";
      return std::nullopt;
    }
  }
  if (result.authors.empty()) {
    why = "the committee file names no authors";
    return std::nullopt;
  }
  return result;
}

process_transport_config links_of(const committee_file& x, std::size_t index) {
  process_transport_config result{.unix_ms = unix_ms()};
  for (std::size_t i = 0; i < x.authors.size(); ++i)
    if (i == index)
      result.own = x.authors[i];
    else
      result.others.push_back(
        {x.authors[i], {{role::heavy_author, static_cast<std::uint32_t>(i)}}});
  process_route client{x.client, {{role::gateway, 0}}};
  for (std::uint32_t i = 0; i < users; ++i)
    client.roles.push_back({role::user, i});
  if (index == x.authors.size())
    result.own = x.client;
  else
    result.others.push_back(std::move(client));
  return result;
}

std::uint64_t unix_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                      std::chrono::system_clock::now().time_since_epoch())
                                      .count());
}

std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<std::uint16_t> ports;
  std::vector<int> sockets;  // all held until the end, so that all differ
  for (std::size_t i = 0; i < count; ++i) {
    sockets.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(sockets.back(), raw, size) == 0 && ::getsockname(sockets.back(), raw, &size) == 0)
      ports.push_back(ntohs(address.sin_port));
  }
  for (const auto x : sockets)
    ::close(x);
  protocol::invariant(ports.size() == count, "the loopback interface has free ports");
  return ports;
}

committee_file local_committee(chain_kind chain, std::size_t authors, std::uint64_t min_round_ms) {
  committee_file result{.chain = chain, .time_ms = unix_ms(), .min_round_ms = min_round_ms};
  const auto ports = free_ports(authors + 1);
  for (std::size_t i = 0; i < authors; ++i)
    result.authors.push_back({.port = ports[i]});
  result.client.port = ports.back();
  return result;
}

}  // namespace datagen::bench
