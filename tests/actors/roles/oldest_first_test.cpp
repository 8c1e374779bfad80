#include "actors/oldest_first.hpp"

#include <doctest/doctest.h>

using datagen::oldest_first;

TEST_CASE("oldest first: what is known stays as it is, and the oldest makes room") {
  oldest_first<int, char> memory{3};
  CHECK(memory.add(1, 'a'));
  CHECK_FALSE(memory.add(1, 'z'));
  CHECK(memory.add(2, 'b'));
  CHECK(memory.add(3, 'c'));
  CHECK(memory.add(4, 'd'));
  CHECK(memory.find(1) == nullptr);
  REQUIRE(memory.find(2));
  CHECK(*memory.find(2) == 'b');
  CHECK(memory.size() == 3);
}

TEST_CASE("oldest first: what was erased takes no room, and comes back as the newest") {
  oldest_first<int, char> memory{2};
  memory.add(1, 'a');
  memory.add(2, 'b');
  memory.erase(1);
  memory.erase(7);
  CHECK(memory.add(1, 'c'));
  CHECK(memory.begin()->first == 2);
  memory.add(3, 'd');
  CHECK(memory.find(2) == nullptr);
  CHECK(*memory.find(1) == 'c');
  memory.erase_if([](auto& x) { return x.second == 'c' || (x.second = 'e', false); });
  CHECK(memory.size() == 1);
  CHECK(*memory.find(3) == 'e');
}
