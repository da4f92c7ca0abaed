#include "sync/bad_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/trouble.hpp"

namespace entente::sync {
namespace {

std::string rows_in_words(std::int64_t count) {
    return count == 1 ? "1 row" : fmt::format("{} rows", count);
}

std::string text_of(const BadRowsMet& met) {
    std::string text =
        fmt::format("{} cannot be read, and nothing is taken from {}: ", rows_in_words(met.count),
                    met.count == 1 ? "it" : "them");
    for (std::size_t i = 0; i < met.first.size(); ++i) {
        const BadRow& bad = met.first[i];
        const std::string name = bad.external_id.empty()
                                     ? fmt::format("row {} of a page", bad.number)
                                     : "record " + bad.external_id;
        text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", name, bad.why);
    }
    const auto untold = met.count - std::ssize(met.first);
    if (untold > 0) text += fmt::format("; and {} more", untold);
    return text + ". Mend it there; if all rows look so, the connector does not say what they are";
}

const Trouble* trouble_with_rows(const Step& step, ResourceIndex resource) {
    const auto found = std::ranges::find_if(step.memory.troubles, [&](const Trouble& trouble) {
        return trouble.kind == Trouble::Kind::rows && trouble.resource == resource;
    });
    return found == step.memory.troubles.end() ? nullptr : &*found;
}

}  // namespace

void take_bad_rows(Step& step, FeedRun& run, ResourceIndex resource,
                   const std::vector<BadRow>& rows, std::vector<RecordId>& page) {
    for (const BadRow& bad : rows) {
        ++run.bad_rows.count;
        run.bad_rows.hides_many |= bad.hides_many;
        if (run.bad_rows.first.size() < limits::bad_rows_told) run.bad_rows.first.push_back(bad);
        const WorkRecord* record =
            bad.external_id.empty() ? nullptr : step.work.find_record(resource, bad.external_id);
        if (record != nullptr && record->state == RecordState::live)
            page.push_back(record->id);
        else
            ++run.bad_rows.unknown;
    }
}

void tell_bad_rows(Step& step, const FeedRun& run, ResourceIndex resource) {
    const SystemIndex system = step.resource(resource).system;
    if (FeedState& feed = step.memory.feeds.at(resource);
        !run.sweep && feed.doubt.empty() && run.bad_rows.unknown > 0) {
        feed.doubt = hidden_in_bad_rows(run);
        step.transaction.put_feed(feed);
    }
    const bool is_troubled = trouble_with_rows(step, resource) != nullptr;
    if (run.bad_rows.count > 0 && (run.sweep || !is_troubled))
        tell_trouble(step, Trouble::Kind::rows, system, resource, text_of(run.bad_rows));
    if (run.bad_rows.count > 0 || !run.sweep || !is_troubled) return;
    end_trouble(step, Trouble::Kind::rows, system, resource);
    for (const DataTypeIndex d : step.workspace.data_types_of(resource)) {
        step.transaction.release_waiting(d);
        step.memory.maybe_ready[d] = true;
    }
}

std::string hidden_in_bad_rows(const FeedRun& run) {
    if (run.bad_rows.unknown == 0 || SEEDED(bad_row_hides_nothing)) return {};
    return rows_in_words(run.bad_rows.unknown) + " cannot be read";
}

bool may_hide_in_bad_rows(const Step& step, ResourceIndex resource) {
    return trouble_with_rows(step, resource) != nullptr &&
           !step.memory.feeds.at(resource).doubt.empty();
}

}  // namespace entente::sync
