#include "error.h"
#include "files/file.h"
#include "window/few_colours.h"
#include "window/picture_file.h"

#include <gif_lib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace whirlygig {
namespace {

constexpr int largest_number = 65535; // pixels, as also the longest time of a frame in hundredths
constexpr std::size_t table_size = 256;
constexpr Colour as_before = 0xFF000000; // no colour: the pixel stays as it is

struct CloseGif {
    void operator()(GifFileType* gif) const { EGifCloseFile(gif, nullptr); }
};
struct FreeMap {
    void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};

// A rectangle of a picture.
struct Part {
    int left = 0, top = 0, width = 0, height = 0;
};

std::size_t row_bytes(const Picture& picture) {
    return static_cast<std::size_t>(picture.width) * 4;
}

const std::uint8_t* pixel_at(const Picture& picture, int x, int y) {
    return &picture.pixels[static_cast<std::size_t>(y) * row_bytes(picture) +
                           static_cast<std::size_t>(x) * 4];
}

bool same_row(const Picture& a, const Picture& b, int y) {
    return std::memcmp(pixel_at(a, 0, y), pixel_at(b, 0, y), row_bytes(a)) == 0;
}

// The smallest rectangle outside of which both are the same; one pixel where nothing changed,
// since a frame cannot be empty.
Part changed_part(const Picture& before, const Picture& now) {
    int top = 0, bottom = now.height;
    while (top < bottom && same_row(before, now, top))
        ++top;
    if (top == bottom) return {0, 0, 1, 1};
    while (same_row(before, now, bottom - 1))
        --bottom;
    int left = now.width, right = 0;
    for (int y = top; y < bottom; ++y) {
        const auto differs = [&](int x) {
            return std::memcmp(pixel_at(before, x, y), pixel_at(now, x, y), 4) != 0;
        };
        int x = 0;
        while (x < left && !differs(x))
            ++x;
        left = std::min(left, x);
        x = now.width;
        while (x > right && !differs(x - 1))
            --x;
        right = std::max(right, x);
    }
    return {left, top, right - left, bottom - top};
}

// The colours of a part, row by row. `before` is null for the first frame.
std::vector<Colour> colours_in(const Picture& now, const Picture* before, const Part& part) {
    std::vector<Colour> colours;
    colours.reserve(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height));
    for (int y = part.top; y < part.top + part.height; ++y) {
        for (int x = part.left; x < part.left + part.width; ++x) {
            const std::uint8_t* pixel = pixel_at(now, x, y);
            const bool same = before && std::memcmp(pixel, pixel_at(*before, x, y), 4) == 0;
            const Colour colour = Colour{pixel[0]} << 16 | Colour{pixel[1]} << 8 | pixel[2];
            colours.push_back(same ? as_before : colour);
        }
    }
    return colours;
}

ColourTable table_for(const std::vector<Colour>& colours, bool first) {
    if (first) return choose_colours(colours, table_size);
    std::vector<Colour> changed;
    std::copy_if(colours.begin(), colours.end(), std::back_inserter(changed),
                 [](Colour colour) { return colour != as_before; });
    ColourTable table = choose_colours(changed, table_size - 1);
    table.place[as_before] = static_cast<std::uint8_t>(table.colours.size());
    return table;
}

// A GIF's tables have 2, 4, 8, ... or 256 colours.
std::unique_ptr<ColorMapObject, FreeMap> map_of(const ColourTable& table, std::size_t places) {
    const int bits = std::max(1, GifBitSize(static_cast<int>(places)));
    std::unique_ptr<ColorMapObject, FreeMap> map(GifMakeMapObject(1 << bits, nullptr));
    if (!map) return map;
    GifColorType* entry = map->Colors;
    for (const Colour colour : table.colours) {
        *entry++ = {static_cast<GifByteType>(colour >> 16),
                    static_cast<GifByteType>(colour >> 8 & 0xFF),
                    static_cast<GifByteType>(colour & 0xFF)};
    }
    return map;
}

// giflib hands over what it has encoded.
int append(GifFileType* gif, const GifByteType* bytes, int count) {
    static_cast<std::string*>(gif->UserData)
        ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    return count;
}

// Before minutes of drawing, not after them.
void check_place(const std::filesystem::path& file) {
    if (!file.has_filename()) fail("\"{}\" names no file to write; add a name", file.string());
    if (std::filesystem::is_directory(file))
        fail("{} is a folder; name a file to write", file.string());
    const auto folder = file.has_parent_path() ? file.parent_path() : ".";
    if (!std::filesystem::is_directory(folder)) {
        fail("cannot write {}: there is no folder {}; create it first", file.string(),
             folder.string());
    }
    if (::access(folder.c_str(), W_OK) != 0) {
        fail("cannot write {}: you may not write in {}; choose another place", file.string(),
             folder.string());
    }
}

} // namespace

// The whole animation stays in memory until it is finished: encoded, it is small.
struct GifWriter::Encoder {
    std::filesystem::path file;
    std::string bytes = {};
    std::unique_ptr<GifFileType, CloseGif> gif = {};
    Picture before = {}; // the last frame

    void check(bool done) const {
        if (done) return;
        fail("cannot write {} ({}); close other programs and try again", file.string(),
             gif ? GifErrorString(gif->Error) : "no memory");
    }

    void check_size(const Picture& picture) const;
    void begin(const Picture& first);
    void put_time(int hundredths, int place_as_before);
    void put_pixels(const Part& part, const std::vector<Colour>& colours, const ColourTable& table);
};

void GifWriter::Encoder::check_size(const Picture& picture) const {
    const auto named = [](const Picture& each) {
        return fmt::format("{}x{} pixels in {} bytes", each.width, each.height, each.pixels.size());
    };
    const bool fits = picture.width > 0 && picture.height > 0 && picture.width <= largest_number &&
                      picture.height <= largest_number;
    if (!fits || picture.pixels.size() != row_bytes(picture) * picture.height) {
        fail("cannot write {}: its frame has {}; each side may have from 1 to {}, each pixel has "
             "4 bytes",
             file.string(), named(picture), largest_number);
    }
    if (gif && (picture.width != before.width || picture.height != before.height)) {
        fail("cannot write {}: its frames have {}, but this one has {}", file.string(),
             named(before), named(picture));
    }
}

void GifWriter::Encoder::begin(const Picture& first) {
    bytes.clear();
    gif.reset(EGifOpen(&bytes, append, nullptr));
    check(gif != nullptr);
    EGifSetGifVersion(gif.get(), true); // GIF89a: with times
    check(EGifPutScreenDesc(gif.get(), first.width, first.height, 8, 0, nullptr) == GIF_OK);
    // Browsers take this for "play it for ever": 1, and how often as two bytes, 0 for no end.
    constexpr std::array<GifByteType, 3> for_ever = {1, 0, 0};
    check(EGifPutExtensionLeader(gif.get(), APPLICATION_EXT_FUNC_CODE) == GIF_OK);
    check(EGifPutExtensionBlock(gif.get(), 11, "NETSCAPE2.0") == GIF_OK);
    check(EGifPutExtensionBlock(gif.get(), 3, for_ever.data()) == GIF_OK);
    check(EGifPutExtensionTrailer(gif.get()) == GIF_OK);
}

void GifWriter::Encoder::put_time(int hundredths, int place_as_before) {
    const GraphicsControlBlock control = {
        DISPOSE_DO_NOT, false, std::clamp(hundredths, 0, largest_number), place_as_before};
    std::array<GifByteType, 4> block = {};
    EGifGCBToExtension(&control, block.data());
    check(EGifPutExtension(gif.get(), GRAPHICS_EXT_FUNC_CODE, block.size(), block.data()) ==
          GIF_OK);
}

void GifWriter::Encoder::put_pixels(const Part& part, const std::vector<Colour>& colours,
                                    const ColourTable& table) {
    const bool may_stay = table.place.contains(as_before);
    const auto map = map_of(table, table.colours.size() + (may_stay ? 1 : 0));
    check(map != nullptr);
    check(EGifPutImageDesc(gif.get(), part.left, part.top, part.width, part.height, false,
                           map.get()) == GIF_OK);
    std::vector<GifPixelType> row(static_cast<std::size_t>(part.width));
    auto colour = colours.begin();
    for (int y = 0; y < part.height; ++y) {
        for (std::size_t x = 0; x < row.size(); ++x, ++colour) {
            // Neighbours are often alike: the table is asked for the first of them only.
            const bool again = x > 0 && *colour == *(colour - 1);
            row[x] = again ? row[x - 1] : table.place.at(*colour);
        }
        check(EGifPutLine(gif.get(), row.data(), part.width) == GIF_OK);
    }
}

GifWriter::GifWriter(const std::filesystem::path& file)
    : encoder(std::make_unique<Encoder>(Encoder{file})) {
    check_place(file);
}

GifWriter::~GifWriter() = default;

void GifWriter::add(const Picture& picture, int hundredths_of_a_second) {
    encoder->check_size(picture);
    const bool first = !encoder->gif;
    if (first) encoder->begin(picture);
    const Part part =
        first ? Part{0, 0, picture.width, picture.height} : changed_part(encoder->before, picture);
    const auto colours = colours_in(picture, first ? nullptr : &encoder->before, part);
    const ColourTable table = table_for(colours, first);
    const auto stays = table.place.find(as_before);
    encoder->put_time(hundredths_of_a_second,
                      stays == table.place.end() ? NO_TRANSPARENT_COLOR : stays->second);
    encoder->put_pixels(part, colours, table);
    encoder->before = picture;
}

void GifWriter::finish() {
    if (!encoder->gif) fail("cannot write {}: an animation needs a frame", encoder->file.string());
    int reason = E_GIF_SUCCEEDED;
    if (EGifCloseFile(encoder->gif.release(), &reason) != GIF_OK) {
        fail("cannot write {} ({}); close other programs and try again", encoder->file.string(),
             GifErrorString(reason));
    }
    write_file(encoder->file, encoder->bytes);
}

} // namespace whirlygig
