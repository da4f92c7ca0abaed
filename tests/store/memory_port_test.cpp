// The memory store joins the suite of the port: as it is, as a clone that takes over at every restart, and behind a
// faulty store that is never told to fail.
#include "store/faulty_store.hpp"
#include "store/memory_store.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

class MemoryUnderTest : public StoreUnderTest {
public:
    explicit MemoryUnderTest(const Names& names) : store_(std::make_unique<MemoryStore>(names)) {}
    void reopen(const Names& names) override { store_->grow(names); }
    sync::Store& store() override { return *store_; }

protected:
    std::unique_ptr<MemoryStore> store_;
};

// What the original does after its clone was made must not be seen in the clone.
class ClonedUnderTest final : public MemoryUnderTest {
public:
    using MemoryUnderTest::MemoryUnderTest;
    void reopen(const Names& names) override {
        auto clone = store_->clone();
        spoil(*store_);
        clone->grow(names);
        store_ = std::move(clone);
    }

private:
    static void spoil(MemoryStore& store) {
        auto t = store.begin();
        for (const DataTypeIndex type : {shop_people, shop_sales, erp_people}) {
            for (const sync::Link& link : (*t)->links(type, {}, 99)) (*t)->erase({&link.id, 1});
            (*t)->release_waiting(type);
            (*t)->put_data_type_state({type, true, {}, true, "spoilt", {}});
        }
        for (const sync::Intent& intent : (*t)->intents()) (*t)->drop_intent(intent.id);
        for (const ResourceIndex resource : {shop_customers, shop_orders, erp_customers}) {
            for (sync::RecordHead head : (*t)->live_records(resource, {}, 99)) {
                head.state = sync::RecordState::gone;
                (*t)->update({&head, 1});
            }
            (*t)->put_feed({resource, {9}, {9}, {9}, 9});
            (*t)->drop_deferred(resource);
        }
        CHECK((*t)->commit().has_value(), "what is there can be changed");
    }
};

class FaultlessUnderTest final : public MemoryUnderTest {
public:
    explicit FaultlessUnderTest(const Names& names)
        : MemoryUnderTest(names), faulty_(*store_, {}) {}
    sync::Store& store() override { return faulty_; }

private:
    FaultyStore faulty_;
};

template <class UnderTest>
StoreFactory factory(const std::string& name) {
    return {name, [](const Names& names) { return std::make_unique<UnderTest>(names); }};
}

INSTANTIATE_TEST_SUITE_P(Memory, StorePort,
                         ::testing::Values(factory<MemoryUnderTest>("as_it_is"),
                                           factory<ClonedUnderTest>("cloned"),
                                           factory<FaultlessUnderTest>("behind_no_faults")),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace entente::store
