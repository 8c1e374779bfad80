#pragma once
// Fields of a message, once: gives it canonical bytes and CAF inspection.

#include "messages/blob.hpp"
#include "messages/error.hpp"
#include "messages/inspect.hpp"
#include "messages/peer.hpp"

/// DATAGEN_MESSAGE(type, x.field, x.field, …): the fields in the order of the wire.
#define DATAGEN_MESSAGE(type, ...)                                 \
  template <class Archive>                                         \
  void describe(Archive& ar, type& x) {                            \
    ar(__VA_ARGS__);                                               \
  }                                                                \
  template <class Inspector>                                       \
  typename Inspector::result_type inspect(Inspector& f, type& x) { \
    return inspect_described(f, x);                                \
  }

/// A message that says all by its type.
#define DATAGEN_EMPTY_MESSAGE(type)                                \
  template <class Archive>                                         \
  void describe(Archive&, type&) {}                                \
  template <class Inspector>                                       \
  typename Inspector::result_type inspect(Inspector& f, type& x) { \
    return inspect_described(f, x);                                \
  }
