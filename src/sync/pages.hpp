// How a look goes on from page to page: each must bring something that was not met before. A list may go in a ring, show its last page
// again and again, or name one empty page after the other. Then no other page is asked for, and what it has not shown does not count
// as missing. Pure. Serves G6 and G13.
#pragma once

#include <cstddef>
#include <cstdint>

namespace entente::sync {

struct Pages {
    struct Page {
        std::size_t rows = 0;
        std::size_t news = 0;          // of them, not met before by this look
        std::int64_t passed_over = 0;  // what stood in it besides, and is none of ours
    };
    int count = 0;
    int without_news = 0;      // in a row; what stood in them was met before
    int empty = 0;             // the same; nothing stood in them
    int only_passed_over = 0;  // the same; nothing of ours did

    void take(const Page& page);
    // Whether it makes no sense to ask for another page. Ensures: at most so many are asked for in vain as limits say.
    bool go_nowhere() const;
};

}  // namespace entente::sync
