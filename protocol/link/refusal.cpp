#include "protocol/link/refusal.hpp"

namespace datagen::protocol::link {

const char* to_string(refusal x) {
  switch (x) {
    case refusal::none:
      return "none";
    case refusal::handshakes_full:
      return "handshakes_full";
    case refusal::address_handshakes_full:
      return "address_handshakes_full";
    case refusal::links_full:
      return "links_full";
    case refusal::address_banned:
      return "address_banned";
    case refusal::not_tls:
      return "not_tls";
    case refusal::bad_certificate:
      return "bad_certificate";
    case refusal::unknown_key:
      return "unknown_key";
    case refusal::wrong_identity:
      return "wrong_identity";
    case refusal::not_websocket:
      return "not_websocket";
    case refusal::too_slow:
      return "too_slow";
    case refusal::banned:
      return "banned";
    case refusal::malformed_hello:
      return "malformed_hello";
    case refusal::wrong_version:
      return "wrong_version";
    case refusal::wrong_genesis:
      return "wrong_genesis";
    case refusal::wrong_chain:
      return "wrong_chain";
    case refusal::bad_proof:
      return "bad_proof";
    case refusal::twin:
      return "twin";
    case refusal::malformed_frame:
      return "malformed_frame";
    case refusal::frame_too_large:
      return "frame_too_large";
    case refusal::replayed_frame:
      return "replayed_frame";
    case refusal::reordered_frame:
      return "reordered_frame";
    case refusal::over_credit:
      return "over_credit";
    case refusal::bad_credit:
      return "bad_credit";
    case refusal::message_too_large:
      return "message_too_large";
    case refusal::malformed_message:
      return "malformed_message";
    case refusal::foreign_sender:
      return "foreign_sender";
    case refusal::foreign_receiver:
      return "foreign_receiver";
    case refusal::bad_record:
      return "bad_record";
    case refusal::idle:
      return "idle";
    case refusal::no_room:
      return "no_room";
    case refusal::replaced:
      return "replaced";
    case refusal::hung_up:
      return "hung_up";
    case refusal::crossed:
      return "crossed";
  }
  return "unknown";
}

}  // namespace datagen::protocol::link
