#include "actors/gateway/checkpoint_form.hpp"

namespace datagen::web {

using namespace protocol;
namespace json = boost::json;

json::object checkpoint_json(const trusted_checkpoint& x) {
  json::array authors;
  for (std::size_t i = 0; i < x.authors.size(); ++i)
    authors.push_back(
      json::object{{"id", x.authors.ids[i]}, {"key", to_hex(x.authors.authors[i])}});
  return {{"format", checkpoint_format},
          {"checkpoint", to_hex(digest_of(x))},
          {"chain", to_hex(x.authors.chain)},
          {"epoch", x.authors.epoch},
          {"height", x.height},
          {"block", to_hex(x.block)},
          {"authors", std::move(authors)},
          {"canonical", to_hex(encode(x))}};
}

read_checkpoint checkpoint_from(const json::value& said) {
  const auto* object = said.if_object();
  const auto* format = object ? object->if_contains("format") : nullptr;
  if (!format || *format != checkpoint_format)
    return {{}, std::string{"its format is not "} + checkpoint_format};
  const auto* canonical = object->if_contains("canonical");
  const auto raw = canonical && canonical->is_string()
                     ? from_hex(std::string{canonical->as_string()})
                     : std::nullopt;
  auto content = raw ? decode<trusted_checkpoint>(*raw) : std::nullopt;
  if (!content || content->authors.size() == 0 ||
      content->authors.size() != content->authors.ids.size())
    return {{}, "its canonical bytes are no checkpoint: truncated or changed"};
  for (const auto& [name, value] : checkpoint_json(*content)) {
    const auto* claimed = object->if_contains(name);
    if (!claimed || *claimed != value)
      return {{}, "the field '" + std::string{name} + "' is not what its canonical bytes say"};
  }
  return {std::move(content), {}};
}

}  // namespace datagen::web
