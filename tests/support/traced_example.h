// A traced text of the small model with words that lies under tests/data, for tests of what the
// program says about a pass.
#pragma once

#include "files/model_folder.h"
#include "terminal/stage_labels.h"
#include "trace/trace.h"

#include <memory>
#include <string>
#include <vector>

namespace support {

struct TracedExample {
    whirlygig::ModelFolder folder =
        whirlygig::read_model_folder(std::string(WHIRLYGIG_TEST_DATA) + "/oracle/gpt2_layout_f32");
    std::unique_ptr<whirlygig::Trace> trace;
    whirlygig::TracedText text;

    explicit TracedExample(const std::string& words = "the blue fluffy creature slept .",
                           whirlygig::Passes passes = whirlygig::Passes::forward_and_backward)
        : trace(whirlygig::make_trace(folder.model, folder.encode(words), passes)),
          text{*trace, folder.wording} {}
};

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

} // namespace support
