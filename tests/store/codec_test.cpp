// Blobs: whatever is written is read back, and whatever is not ours is refused without harm. Random values from seeds;
// a failure prints its seed.
#include "store/codec.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

constexpr std::uint64_t seeds = 400;

const NameTable& table() {
    static const NameTable made(sample_names(), NameTable::missing(sample_names(), {}));
    return made;
}

std::string random_text(Random& random) {
    std::string out;
    for (std::uint64_t i = random.below(12); i > 0; --i)
        out += static_cast<char>(random.below(256));
    return out;
}

Value random_value(Random& random, int depth) {
    switch (random.below(depth > 3 ? 6 : 8)) {
        case 0:
            return {};
        case 1:
            return random.chance(50);
        case 2:
            return static_cast<std::int64_t>(random.next());
        case 3:
            return *Decimal::parse(std::to_string(random.between(-99, 99)) + "." +
                                   std::to_string(random.next()));
        case 4:
            return *Decimal::parse(std::to_string(random.between(1, 9)) + "e" +
                                   std::to_string(random.between(-300, 300)));
        case 5:
            return random_text(random);
        case 6: {
            Value::List list;
            for (std::uint64_t i = random.below(4); i > 0; --i)
                list.push_back(random_value(random, depth + 1));
            return list;
        }
        default: {
            Value::Object object;
            for (std::uint64_t i = random.below(4); i > 0; --i) {
                object.emplace_back("k" + std::to_string(i) + random_text(random),
                                    random_value(random, depth + 1));
            }
            return object;
        }
    }
}

SystemIndex random_system(Random& random) {
    return {static_cast<std::int32_t>(random.between(-1, 1))};
}

std::int64_t random_ms(Random& random) {
    if (random.chance(10)) return INT64_MAX;
    return random.chance(10) ? random.between(INT64_MIN, INT64_MAX - 1)
                             : random.between(0, 2'000'000'000'000);
}

// Often like the one before, as in life.
sync::Revision random_revision(Random& random, const sync::Revision& before) {
    if (random.chance(20)) return {};
    sync::Revision out = before;
    out.line.clear();
    out.rev = random.chance(60) ? before.rev + 1 : static_cast<std::uint32_t>(random.next());
    if (random.chance(40)) {
        const std::int64_t l = random_ms(random);
        const auto c = random.chance(50) ? 0 : static_cast<std::uint32_t>(random.next());
        const SystemIndex system = random_system(random);
        const sync::Author author{
            system, system && random.chance(80) ? DataTypeIndex{0} : DataTypeIndex::none()};
        out.stamp = {{l}, c, {random.chance(50) ? l : random_ms(random)}, author};
    }
    if (random.chance(20)) {
        for (std::uint64_t i = random.below(5); i > 0; --i) {
            out.line.push_back({static_cast<std::uint32_t>(random.next()), random_system(random)});
        }
    }
    return out;
}

sync::Link random_link(Random& random) {
    sync::Link link;
    link.shadows.resize(3);
    sync::Revision before;
    for (sync::Shadow& s : link.shadows) {
        if (random.chance(70)) s.value = random_value(random, 0);
        s.revision = before = random_revision(random, before);
    }
    for (std::int32_t p = 0; p < 3; ++p) {
        if (random.chance(30))
            link.held.push_back(
                {{p}, random_text(random), static_cast<std::uint32_t>(random.next())});
        if (!link.held.empty() && random.chance(50))
            link.held.back().offers = {{random.between(1, 99)}, {7}, 2, {9}};
    }
    return link;
}

sync::Entity random_entity(Random& random) {
    sync::Entity entity;
    entity.properties.resize(3);
    sync::Revision before;
    for (sync::EntityProperty& p : entity.properties) {
        p.value = random_value(random, 0);
        p.revision = before = random_revision(random, before);
        p.origin.value = random.chance(50) ? 7 : random.between(0, INT64_MAX);
    }
    return entity;
}

std::vector<sync::IntentPart> random_parts(Random& random) {
    std::vector<sync::IntentPart> parts(random.below(4));
    for (sync::IntentPart& part : parts) {
        part = {{random.between(0, INT64_MAX)},
                random.chance(50) ? shop_people : shop_sales,
                {random.between(0, 9)},
                {}};
        sync::Revision before;
        for (std::uint64_t i = random.below(4); i > 0; --i) {
            before = random_revision(random, before);
            part.sent.push_back({{static_cast<std::int32_t>(random.below(3))},
                                 random_value(random, 0),
                                 random_value(random, 0),
                                 before});
        }
    }
    return parts;
}

// Values as bytes of their own, because random texts are no UTF-8 and JSON refuses them.
std::string bytes_of(const std::optional<Value>& value) {
    return value ? encode_value(*value) : "unset";
}
std::string bytes_of(const sync::Link& link) {
    std::string out;
    for (const auto& s : link.shadows) out += bytes_of(s.value) + text_of(s.revision) + "\n";
    for (const auto& h : link.held)
        out += h.reason + " " + std::to_string(h.rev) + std::to_string(h.property.value) +
               std::to_string(h.offers.next.ms) + std::to_string(h.offers.made);
    return out;
}
std::string bytes_of(const sync::Entity& entity) {
    std::string out;
    for (const auto& p : entity.properties) {
        out += bytes_of(p.value) + text_of(p.revision) + std::to_string(p.origin.value) + "\n";
    }
    return out;
}
std::string bytes_of(const std::vector<sync::IntentPart>& parts) {
    std::string out;
    for (const auto& part : parts) {
        out += std::to_string(part.entity.value) + std::to_string(part.link.value) + " " +
               std::to_string(part.data_type.value) + "\n";
        for (const auto& sent : part.sent) {
            out += std::to_string(sent.property.value) + bytes_of(sent.value) +
                   bytes_of(sent.written) + text_of(sent.revision) + "\n";
        }
    }
    return out;
}

template <class Test>
void for_each_seed(Test&& test) {
    for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed, "codec");
        test(random);
    }
}

TEST(Codec, values_come_back_with_their_digits) {
    for_each_seed([](Random& random) {
        const Value value = random_value(random, 0);
        Value back;
        ASSERT_TRUE(decode_value(encode_value(value), back));
        EXPECT_TRUE(back == value);
        EXPECT_EQ(encode_value(back), encode_value(value));
        if (value.is_decimal()) {
            EXPECT_EQ(back.as_decimal().text(), value.as_decimal().text());
        }
    });
}

TEST(Codec, entities_come_back) {
    for_each_seed([](Random& random) {
        const sync::Entity entity = random_entity(random);
        sync::Entity back;
        const std::string blob = encode_properties(table(), person, entity.properties);
        ASSERT_TRUE(decode_properties(table(), person, Retired::dropped, blob, back.properties));
        EXPECT_EQ(bytes_of(back), bytes_of(entity));
    });
}

TEST(Codec, links_come_back) {
    for_each_seed([](Random& random) {
        const sync::Link link = random_link(random);
        sync::Link back;
        const std::string shadows = encode_shadows(table(), person, link.shadows);
        const std::string held = encode_held(table(), person, link.held);
        ASSERT_TRUE(decode_shadows(table(), person, Retired::dropped, shadows, back.shadows));
        ASSERT_TRUE(decode_held(table(), person, Retired::dropped, held, back.held));
        EXPECT_EQ(bytes_of(back), bytes_of(link));
    });
}

TEST(Codec, intents_come_back) {
    for_each_seed([](Random& random) {
        const auto parts = random_parts(random);
        std::vector<sync::IntentPart> back;
        ASSERT_TRUE(decode_parts(table(), encode_parts(table(), parts), back));
        EXPECT_EQ(bytes_of(back), bytes_of(parts));
    });
}

TEST(Codec, a_blob_cut_short_is_refused) {
    // Every proper prefix of every kind of blob, and one byte too many.
    for_each_seed([](Random& random) {
        const std::string shadows = encode_shadows(table(), person, random_link(random).shadows);
        const std::string properties =
            encode_properties(table(), person, random_entity(random).properties);
        const std::string parts = encode_parts(table(), random_parts(random));
        const std::string value = encode_value(random_value(random, 0));
        std::vector<sync::Shadow> s;
        std::vector<sync::EntityProperty> p;
        std::vector<sync::IntentPart> i;
        Value v;
        for (std::size_t n = 0; n < shadows.size(); ++n) {
            ASSERT_FALSE(decode_shadows(table(), person, Retired::kept, shadows.substr(0, n), s))
                << n;
        }
        for (std::size_t n = 0; n < properties.size(); ++n) {
            ASSERT_FALSE(
                decode_properties(table(), person, Retired::kept, properties.substr(0, n), p))
                << n;
        }
        for (std::size_t n = 0; n < parts.size(); ++n)
            ASSERT_FALSE(decode_parts(table(), parts.substr(0, n), i)) << n;
        for (std::size_t n = 0; n < value.size(); ++n)
            ASSERT_FALSE(decode_value(value.substr(0, n), v)) << n;
        EXPECT_FALSE(decode_shadows(table(), person, Retired::kept, shadows + '\0', s));
        EXPECT_FALSE(decode_value(value + '\0', v));
    });
}

TEST(Codec, damaged_bytes_do_no_harm) {
    // A few bytes changed anywhere: refused or read as something else, never more. Sanitizers are the judge.
    for_each_seed([](Random& random) {
        std::string blobs[] = {encode_shadows(table(), person, random_link(random).shadows),
                               encode_properties(table(), person, random_entity(random).properties),
                               encode_parts(table(), random_parts(random)),
                               encode_value(random_value(random, 0)),
                               encode_held(table(), person, random_link(random).held),
                               random_text(random)};
        for (std::string& blob : blobs) {
            for (int times = 0; times < 20; ++times) {
                for (std::uint64_t i = random.below(3) + 1; i > 0 && !blob.empty(); --i) {
                    blob[random.below(blob.size())] = static_cast<char>(random.below(256));
                }
                if (random.chance(50) && !blob.empty()) blob[0] = static_cast<char>(blob_version);
                std::vector<sync::Shadow> shadows;
                std::vector<sync::EntityProperty> properties;
                std::vector<sync::IntentPart> parts;
                std::vector<sync::Held> held;
                std::vector<RecordId> ids;
                Value value;
                decode_shadows(table(), person, Retired::kept, blob, shadows);
                decode_properties(table(), order, Retired::dropped, blob, properties);
                decode_parts(table(), blob, parts);
                decode_held(table(), person, Retired::kept, blob, held);
                decode_ids(blob, ids);
                decode_value(blob, value);
                ASSERT_EQ(shadows.size(), 3u);
                ASSERT_EQ(properties.size(), 3u);
            }
        }
    });
}

TEST(Codec, the_usual_link_costs_one_byte_a_property_besides_its_values) {
    // One stamp for all, revisions counting up, properties in order.
    std::vector<sync::Shadow> shadows(3);
    const sync::Stamp stamp{{1'700'000'000'000}, 0, {1'700'000'000'000}, {shop, {0}}};
    for (std::uint32_t p = 0; p < 3; ++p) shadows[p] = {Value("ab"), {p + 1, stamp, {}}};
    const std::size_t version_and_count = 2, heads = 3, stamps = 1 + 6 + 1 + 1, values = 3 * 4;
    EXPECT_EQ(encode_shadows(table(), person, shadows).size(),
              version_and_count + heads + stamps + values);
}

TEST(Codec, a_nested_bomb_is_refused) {
    std::string blob(1, static_cast<char>(blob_version));
    for (int i = 0; i < 100'000; ++i) blob += "\x06\x01";
    Value value;
    EXPECT_FALSE(decode_value(blob + '\0', value));
}

TEST(Codec, digests_and_ids_come_back) {
    const std::vector<Digest> digests{{1, 2}, {UINT64_MAX, 0x0102030405060708}};
    std::vector<Digest> back;
    ASSERT_TRUE(decode_digests(encode_digests(digests), back));
    EXPECT_EQ(back, digests);
    EXPECT_EQ(encode_digests(digests).size(), 32u);
    EXPECT_FALSE(decode_digests(std::string(17, 'x'), back));
    const std::vector<RecordId> ids{{1}, {INT64_MAX}, {-5}};
    std::vector<RecordId> ids_back;
    ASSERT_TRUE(decode_ids(encode_ids(ids), ids_back));
    EXPECT_EQ(ids_back, ids);
    EXPECT_FALSE(decode_ids("", ids_back));
}

}  // namespace
}  // namespace entente::store
