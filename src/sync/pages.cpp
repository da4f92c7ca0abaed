#include "sync/pages.hpp"

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {

void Pages::take(const Page& page) {
    ++count;
    if (page.rows == 0 && page.passed_over == 0) {
        ++empty;
        return;
    }
    empty = 0;
    if (page.rows == 0) {
        ++only_passed_over;
        return;
    }
    only_passed_over = 0;
    without_news = page.news > 0 ? 0 : without_news + 1;
}

bool Pages::go_nowhere() const {
    return without_news >= limits::pages_without_news_max ||
           only_passed_over >= limits::pages_passed_over_max ||
           (empty >= limits::empty_pages_max && !SEEDED(empty_pages_followed));
}

}  // namespace entente::sync
