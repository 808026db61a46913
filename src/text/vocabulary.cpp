#include "text/vocabulary.h"

#include "error.h"
#include "files/file.h"
#include "files/json_file.h"
#include "text/utf8.h"

#include <utility>

namespace whirlygig {

Tokenizer read_vocabulary(const std::filesystem::path& path, TokenizerKind kind) {
    constexpr std::uint64_t size_limit = 64 << 20;
    const nlohmann::json file = read_json(path, size_limit);
    try {
        if (!file.is_object())
            fail("a vocabulary must be an object, {{\"token\": id, ...}}, but this is {}",
                 kind_of(file));
        std::vector<std::string> tokens(file.size());
        std::vector<bool> taken(file.size());
        for (const auto& [token, id] : file.items()) {
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= file.size())
                fail("the id of {} must be a whole number from 0 to {}, but is {}",
                     in_quotes(token), file.size() - 1, in_quotes(id.dump()));
            const auto place = id.get<std::size_t>();
            if (taken[place])
                fail("the tokens {} and {} have the same id, {}", in_quotes(tokens[place]),
                     in_quotes(token), place);
            taken[place] = true;
            tokens[place] = token;
        }
        return Tokenizer::from_vocabulary(kind, std::move(tokens));
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
}

void write_vocabulary(const std::filesystem::path& path, const Tokenizer& tokenizer) {
    std::string text = "{\n";
    for (int id = 0; id < tokenizer.size(); ++id)
        text += fmt::format("  {}: {}{}\n", nlohmann::json(tokenizer.token(id)).dump(), id,
                            id + 1 < tokenizer.size() ? "," : "");
    write_file(path, text + "}\n");
}

} // namespace whirlygig
