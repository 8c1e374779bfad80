#pragma once
// A portable receipt as a file for people: readable fields around the canonical bytes, which alone
// count. Every readable field is derived from them, so one that differs is a lie.
//
//   {"format":"datagen-receipt-1","stage":"settled","job":"…",…,"canonical":"<hex>"}

#include "protocol/receipt/portable.hpp"

#include <boost/json.hpp>

namespace datagen::tools {

inline constexpr const char* receipt_format = "datagen-receipt-1";
inline constexpr std::size_t receipt_file_bytes_max = 4 << 20;

/// The file's content for a receipt and what `check_portable` said of it.
boost::json::object receipt_json(const protocol::portable_receipt& x,
                                 const protocol::portable_report& report);
/// Lines of about 100 characters are easier to read than one.
std::string receipt_text(const boost::json::object& x);

/// "promised by the validator", "ordered on Fast", "settled on Heavy".
std::string stage_text(protocol::portable_stage x);

struct checked_receipt {
  protocol::portable_receipt content;
  protocol::portable_report report;
};
/// Parses and checks `text` against `start` and, where given, a trusted checkpoint. Throws `failure`: exit 65 when it is no receipt file,
/// exit 1 with the reason when anything in it does not hold.
checked_receipt check_receipt_text(const std::string& text, const std::string& path,
                                   const protocol::genesis& start,
                                   const protocol::trusted_checkpoint* anchor = nullptr);

}  // namespace datagen::tools
