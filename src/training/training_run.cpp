#include "training/training_run.h"

#include "error.h"
#include "files/hash.h"
#include "training/training_data.h"

#include <algorithm>
#include <map>

namespace whirlygig {
namespace {

std::uint64_t hash_corpus(const Corpus& corpus) {
    std::uint64_t hash = hash_bytes(corpus.lines ? "lines" : "text");
    for (const auto* texts : {&corpus.train, &corpus.held_out}) {
        for (const std::string& text : *texts)
            hash = hash_bytes("\n", hash_bytes(text, hash));
    }
    return hash;
}

int most_frequent(const std::map<int, std::size_t>& counts) {
    const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(counts.begin(), counts.end(), fewer)->first;
}

} // namespace

TrainingRun start_run(const Corpus& corpus, const std::string& path, const Recipe& recipe,
                      std::uint64_t seed) {
    const Tokenizer tokenizer = make_tokenizer(corpus, recipe);
    TrainingRun run;
    run.state = start_training(recipe, static_cast<std::size_t>(tokenizer.size()), seed);
    run.wording = make_wording(corpus, tokenizer);
    run.corpus = path;
    run.corpus_hash = hash_corpus(corpus);
    return run;
}

void check_same_corpus(const TrainingRun& run, const Corpus& corpus) {
    if (hash_corpus(corpus) == run.corpus_hash) return;
    fail("the corpus {} is not as it was when this run began (its text changed), so the run can't "
         "go on; restore the corpus, or start a new run with --force",
         corpus.name);
}

Wording make_wording(const Corpus& corpus, const Tokenizer& tokenizer) {
    std::map<int, std::size_t> firsts;
    std::map<int, std::size_t> lasts;
    std::map<int, std::size_t> inside; // neither first nor last
    for (const std::string& text : corpus.train) {
        const std::vector<int> ids = tokenizer.encode(text);
        ++firsts[ids.front()];
        ++lasts[ids.back()];
        for (std::size_t place = 0; place + 1 < ids.size(); ++place)
            ++inside[ids[place]];
    }
    Wording wording{tokenizer, most_frequent(firsts), std::nullopt};
    const bool one_ending = corpus.lines && lasts.size() == 1;
    if (one_ending && !inside.contains(lasts.begin()->first)) {
        wording.last_token = lasts.begin()->first;
    }
    return wording;
}

} // namespace whirlygig
