// The suite of the store port: what every implementation promises, whatever it is made of. An implementation joins by
// instantiating StorePort with a factory. Values are compared as text, so that a difference can be read.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/names.hpp"
#include "sync/store.hpp"

namespace entente::store {

// A store that can be closed and opened again on what it has made durable.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    // Requires: no transaction is alive.
    virtual void reopen(const Names& names) = 0;
    virtual sync::Store& store() = 0;
};

struct StoreFactory {
    std::string name;
    std::function<std::unique_ptr<StoreUnderTest>(const Names&)> make;
};
std::ostream& operator<<(std::ostream& out, const StoreFactory& factory);

// Two systems, Shop and Erp, with customers and orders; the models are person (name, email, city) and order
// (number, customer, total).
Names sample_names();

inline constexpr SystemIndex shop{0}, erp{1};
inline constexpr ResourceIndex shop_customers{0}, shop_orders{1}, erp_customers{2};
inline constexpr DataTypeIndex shop_people{0}, shop_sales{1}, erp_people{2};
inline constexpr ModelIndex person{0}, order{1};
inline constexpr PropertyIndex name{0}, email{1}, city{2};

std::string text_of(const Value& value);
std::string text_of(const sync::Revision& revision);
std::string text_of(const sync::RecordHead& head);
std::string text_of(const sync::Record& record);
std::string text_of(const sync::Entity& entity);
std::string text_of(const sync::Link& link);
std::string text_of(const sync::Dirty& dirty);
std::string text_of(const sync::Intent& intent);
std::string text_of(const sync::Parked& parked);
std::string text_of(const sync::FeedState& feed);
std::string text_of(const sync::DataTypeState& state);
std::string text_of(const sync::Trouble& trouble);
std::string text_of(const sync::Loss& loss);
std::string text_of(const sync::HistoryEvent& event);
std::string text_of(const sync::Deferred& deferred);

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& list) {
    std::vector<std::string> out;
    for (const T& t : list) out.push_back(text_of(t));
    return out;
}

class StorePort : public ::testing::TestWithParam<StoreFactory> {
protected:
    StorePort();

    std::unique_ptr<sync::Transaction> begin();
    void commit(std::unique_ptr<sync::Transaction> transaction);
    // In a transaction of its own.
    template <class Act>
    void durably(Act&& act) {
        auto transaction = begin();
        act(*transaction);
        commit(std::move(transaction));
    }
    // Reads in a transaction that is rolled back.
    template <class Ask>
    auto ask(Ask&& question) {
        auto transaction = begin();
        return question(*transaction);
    }

    // Complete values with every field set, of new ids.
    sync::Record record(sync::Transaction& transaction, ResourceIndex resource,
                        const std::string& external_id);
    sync::Entity entity(sync::Transaction& transaction);
    sync::Link link(sync::Transaction& transaction, RecordId record, DataTypeIndex data_type,
                    EntityId entity);
    sync::Intent intent(sync::Transaction& transaction);

    std::unique_ptr<StoreUnderTest> under_test_;
};

}  // namespace entente::store
