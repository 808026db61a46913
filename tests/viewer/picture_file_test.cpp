#include "window/picture_file.h"

#include "error.h"
#include "files/file.h"
#include "random.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using whirlygig::GifWriter;
using whirlygig::Picture;
using whirlygig::Random;
using whirlygig::read_file;
using whirlygig::read_png;
using whirlygig::write_png;

namespace {

namespace fs = std::filesystem;

using Pixel = std::array<int, 3>; // red, green, blue

// Where a pixel begins.
std::size_t first_byte(const Picture& picture, int x, int y) {
    const int pixel = y * picture.width + x;
    return std::size_t{4} * static_cast<std::size_t>(pixel);
}

void put(Picture& picture, int x, int y, const Pixel& pixel) {
    const std::size_t at = first_byte(picture, x, y);
    for (std::size_t channel = 0; channel < 3; ++channel)
        picture.pixels[at + channel] = static_cast<std::uint8_t>(pixel[channel]);
    picture.pixels[at + 3] = 255;
}

Pixel pixel_of(const Picture& picture, int x, int y) {
    const std::size_t at = first_byte(picture, x, y);
    return {picture.pixels[at], picture.pixels[at + 1], picture.pixels[at + 2]};
}

Picture plain_picture(int width, int height, const Pixel& pixel) {
    Picture picture{width, height, std::vector<std::uint8_t>(std::size_t(width * height) * 4)};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            put(picture, x, y, pixel);
    }
    return picture;
}

// Every pixel has its own colour, and no two rows or columns are alike.
Picture gradient(int width, int height) {
    Picture picture = plain_picture(width, height, {0, 0, 0});
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            put(picture, x, y, {x * 255 / width, y * 255 / height, (x * 7 + y * 13) % 256});
    }
    return picture;
}

// A black field with a few squares, as a matrix looks.
Picture squares(int width, int height, int step) {
    Picture picture = plain_picture(width, height, {15, 19, 24});
    for (int y = 2; y < height - 2; ++y) {
        for (int x = 2; x < width - 2; ++x) {
            if (x % 8 < 7 && y % 8 < 7) put(picture, x, y, {x / 8 * 20 + step, 90, y / 8 * 30});
        }
    }
    return picture;
}

// Without waiting for the disk, as write_file does.
void put_bytes(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary) << content;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(folder))
        names.push_back(each.path().filename());
    return names;
}

// A GIF as giflib reads it.
class GifReader {
public:
    explicit GifReader(const fs::path& file)
        : gif(DGifOpenFileName(file.c_str(), nullptr)) {
        if (!gif || DGifSlurp(gif) != GIF_OK) throw std::runtime_error("giflib can't read it");
    }
    GifReader(const GifReader&) = delete;
    GifReader& operator=(const GifReader&) = delete;
    ~GifReader() { DGifCloseFile(gif, nullptr); }

    int width() const { return gif->SWidth; }
    int height() const { return gif->SHeight; }
    int frames() const { return gif->ImageCount; }
    const SavedImage& frame(int index) const { return gif->SavedImages[index]; }

    GraphicsControlBlock control(int index) const {
        GraphicsControlBlock block;
        EXPECT_EQ(DGifSavedExtensionToGCB(gif, index, &block), GIF_OK);
        return block;
    }

    // What is seen at the frame: it and all before it, one over the other.
    Picture shown(int last) const {
        Picture picture = plain_picture(width(), height(), {1, 2, 3});
        for (int index = 0; index <= last; ++index) {
            const GifImageDesc& part = frame(index).ImageDesc;
            const int see_through = control(index).TransparentColor;
            for (int pixel = 0; pixel < part.Width * part.Height; ++pixel) {
                const GifByteType place = frame(index).RasterBits[pixel];
                if (place == see_through) continue;
                const GifColorType& colour = part.ColorMap->Colors[place];
                put(picture, part.Left + pixel % part.Width, part.Top + pixel / part.Width,
                    {colour.Red, colour.Green, colour.Blue});
            }
        }
        return picture;
    }

private:
    GifFileType* gif;
};

// How far a channel of a pixel is off, at most and in the mean.
struct Difference {
    int most = 0;
    double mean = 0;
};

Difference difference(const Picture& got, const Picture& expected) {
    Difference result;
    EXPECT_EQ(got.pixels.size(), expected.pixels.size());
    for (std::size_t index = 0; index < expected.pixels.size(); ++index) {
        const int off = std::abs(got.pixels.at(index) - expected.pixels[index]);
        result.most = std::max(result.most, off);
        result.mean += off;
    }
    result.mean /= static_cast<double>(expected.pixels.size()) * 3 / 4; // alpha is never off
    return result;
}

void write_gif(const fs::path& file, const std::vector<Picture>& frames) {
    GifWriter gif(file);
    for (const Picture& frame : frames)
        gif.add(frame, 7);
    gif.finish();
}

} // namespace

TEST(Png, GivesBackEveryPixel) {
    const TemporaryFolder folder;
    for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {1, 211}, {301, 2}, {64, 50}}) {
        const Picture picture = gradient(width, height);
        write_png(folder / "picture.png", picture);
        const Picture again = read_png(folder / "picture.png");
        EXPECT_EQ(again.width, width);
        EXPECT_EQ(again.height, height);
        EXPECT_EQ(again.pixels, picture.pixels) << width << "x" << height;
    }
    EXPECT_EQ(names_in(folder.path), std::vector<std::string>{"picture.png"});
}

TEST(Png, IsOpaque) {
    const TemporaryFolder folder;
    Picture picture = gradient(5, 4);
    picture.pixels[3] = 0;
    write_png(folder / "picture.png", picture);
    EXPECT_EQ(read_png(folder / "picture.png").pixels, gradient(5, 4).pixels);
}

TEST(Png, NamesTheFileThatIsNone) {
    const TemporaryFolder folder;
    expect_contains(error_sentence([&] { read_png(folder / "absent.png"); }),
                    "there is no file " + (folder / "absent.png").string());
    const fs::path file = folder / "words.png";
    for (const char* content : {"", "words", "\x89PNG", "GIF89a"}) {
        put_bytes(file, content);
        expect_contains(error_sentence([&] { read_png(file); }),
                        file.string() + " is no PNG picture");
    }
}

TEST(Png, SaysWhenTheFileIsCutShort) {
    const TemporaryFolder folder;
    const fs::path file = folder / "picture.png";
    write_png(file, gradient(37, 23));
    const std::string whole = read_file(file);
    for (std::size_t size = 0; size < whole.size() - 12; size += 7) { // the last 12 bytes say "end"
        put_bytes(file, whole.substr(0, size));
        expect_contains(error_sentence([&] { read_png(file); }),
                        file.string() + " is no PNG picture");
    }
}

TEST(Png, ReadsNoHugePicture) {
    const TemporaryFolder folder;
    const fs::path file = folder / "picture.png";
    write_png(file, gradient(3, 2));
    std::string bytes = read_file(file);
    bytes[16 + 1] = 1; // the width's second byte: 65539 pixels
    put_bytes(file, bytes);
    expect_contains(error_sentence([&] { read_png(file); }), "65539x2 pixels are too many");
    bytes[16] = 0x7F; // more than two thousand million
    put_bytes(file, bytes);
    expect_contains(error_sentence([&] { read_png(file); }), file.string() + " is no PNG picture");
}

TEST(Png, SurvivesAnyDamage) {
    const TemporaryFolder folder;
    const fs::path file = folder / "picture.png";
    write_png(file, squares(41, 29, 0));
    const std::string whole = read_file(file);
    Random random(1);
    for (int time = 0; time < 300; ++time) {
        std::string bytes = whole;
        for (int change = 0; change < 3; ++change)
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        put_bytes(file, bytes);
        try {
            const Picture picture = read_png(file);
            EXPECT_EQ(picture.pixels.size(), std::size_t(picture.width * picture.height) * 4);
        } catch (const whirlygig::Error& error) {
            expect_contains(error.what(), file.string());
        }
    }
}

TEST(Png, IsNotWrittenOfAPictureThatMakesNoSense) {
    const TemporaryFolder folder;
    const fs::path file = folder / "picture.png";
    expect_contains(error_sentence([&] { write_png(file, {}); }), "cannot write " + file.string());
    expect_contains(error_sentence([&] { write_png(file, {20'000, 1, {}}); }), "20000x1");
    expect_contains(error_sentence([&] {
                        write_png(file, {3, 2, {1, 2, 3}});
                    }),
                    "3x2 pixels have 24 bytes, not 3");
    EXPECT_TRUE(names_in(folder.path).empty());
    expect_contains(error_sentence([&] { write_png(folder / "no/file.png", gradient(3, 2)); }),
                    "create its folder first");
}

TEST(Gif, HasTheFramesTheTimesAndTheSize) {
    const TemporaryFolder folder;
    GifWriter gif(folder / "film.gif");
    gif.add(squares(43, 27, 0), 4);
    gif.add(squares(43, 27, 5), 250);
    gif.add(squares(43, 27, 5), 1);
    gif.finish();
    const GifReader film(folder / "film.gif");
    EXPECT_EQ(film.width(), 43);
    EXPECT_EQ(film.height(), 27);
    ASSERT_EQ(film.frames(), 3);
    EXPECT_EQ(film.control(0).DelayTime, 4);
    EXPECT_EQ(film.control(1).DelayTime, 250);
    EXPECT_EQ(film.control(2).DelayTime, 1);
    const std::string bytes = read_file(folder / "film.gif");
    const std::string for_ever = std::string("NETSCAPE2.0") + '\3' + '\1' + '\0' + '\0' + '\0';
    EXPECT_NE(bytes.find(for_ever), std::string::npos);
}

TEST(Gif, KeepsEveryColourWhereThereAreFewEnough) {
    const TemporaryFolder folder;
    std::vector<Picture> frames;
    for (const int step : {0, 3, 30})
        frames.push_back(squares(61, 45, step));
    frames.push_back(plain_picture(61, 45, {200, 100, 50}));
    write_gif(folder / "film.gif", frames);
    const GifReader film(folder / "film.gif");
    ASSERT_EQ(film.frames(), 4);
    for (int index = 0; index < 4; ++index)
        EXPECT_EQ(difference(film.shown(index), frames[std::size_t(index)]).most, 0) << index;
}

TEST(Gif, HasExactly256ColoursInTheFirstFrame) {
    const TemporaryFolder folder;
    Picture picture = plain_picture(16, 17, {0, 0, 0});
    for (int place = 0; place < 256; ++place)
        put(picture, place % 16, place / 16, {place, 255 - place, 7});
    for (int place = 256; place < 272; ++place)
        put(picture, place % 16, place / 16, {0, 255, 7});
    write_gif(folder / "film.gif", {picture});
    EXPECT_EQ(difference(GifReader(folder / "film.gif").shown(0), picture).most, 0);
}

TEST(Gif, ComesCloseWhereThereAreThousandsOfColours) {
    const TemporaryFolder folder;
    const Picture first = gradient(97, 71);
    Picture second = first;
    for (int x = 0; x < 97; ++x)
        put(second, x, 35, {255 - x, x, 128});
    write_gif(folder / "film.gif", {first, second});
    const GifReader film(folder / "film.gif");
    EXPECT_LT(difference(film.shown(0), first).mean, 10);
    EXPECT_LT(difference(film.shown(1), second).mean, 10);
    EXPECT_EQ(pixel_of(film.shown(1), 50, 35), (Pixel{205, 50, 128}));
}

// The background is most of a picture; a tint of it would be seen at once.
TEST(Gif, KeepsTheColourOfALargeArea) {
    const TemporaryFolder folder;
    Picture picture = plain_picture(150, 101, {15, 19, 24});
    const Picture many = gradient(50, 40);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 50; ++x)
            put(picture, x + 9, y + 5, pixel_of(many, x, y));
    }
    write_gif(folder / "film.gif", {picture});
    const Picture shown = GifReader(folder / "film.gif").shown(0);
    EXPECT_EQ(pixel_of(shown, 0, 0), (Pixel{15, 19, 24}));
    EXPECT_EQ(pixel_of(shown, 149, 100), (Pixel{15, 19, 24}));
    EXPECT_LT(difference(shown, picture).mean, 2);
}

TEST(Gif, StoresOnlyWhatChanged) {
    const TemporaryFolder folder;
    const Picture first = gradient(83, 59);
    Picture second = first;
    put(second, 12, 40, {250, 1, 2});
    put(second, 30, 33, {3, 250, 4});
    write_gif(folder / "film.gif", {first, second, second, first});
    const GifReader film(folder / "film.gif");
    const auto part = [&](int index) {
        const GifImageDesc& place = film.frame(index).ImageDesc;
        return std::array{place.Left, place.Top, place.Width, place.Height};
    };
    EXPECT_EQ(part(0), (std::array{0, 0, 83, 59}));
    EXPECT_EQ(part(1), (std::array{12, 33, 19, 8})); // from (12, 33) to (30, 40)
    EXPECT_EQ(part(2), (std::array{0, 0, 1, 1}));    // nothing: the least there can be
    EXPECT_EQ(part(3), (std::array{12, 33, 19, 8}));
    EXPECT_EQ(film.frame(1).ImageDesc.ColorMap->ColorCount, 4); // two new colours, "as before"
    EXPECT_EQ(film.control(0).TransparentColor, -1);
    EXPECT_EQ(pixel_of(film.shown(1), 12, 40), (Pixel{250, 1, 2}));
    EXPECT_EQ(pixel_of(film.shown(2), 30, 33), (Pixel{3, 250, 4}));
    EXPECT_EQ(pixel_of(film.shown(3), 30, 33), pixel_of(first, 30, 33));
    EXPECT_EQ(difference(film.shown(1), film.shown(2)).most, 0);
}

TEST(Gif, CanBeOnePixelLarge) {
    const TemporaryFolder folder;
    write_gif(folder / "film.gif", {plain_picture(1, 1, {9, 8, 7}), plain_picture(1, 1, {1, 2, 3}),
                                    plain_picture(1, 1, {1, 2, 3})});
    const GifReader film(folder / "film.gif");
    EXPECT_EQ(film.frames(), 3);
    EXPECT_EQ(pixel_of(film.shown(0), 0, 0), (Pixel{9, 8, 7}));
    EXPECT_EQ(pixel_of(film.shown(2), 0, 0), (Pixel{1, 2, 3}));
}

TEST(Gif, IsTheSameForTheSameFrames) {
    const TemporaryFolder folder;
    const std::vector<Picture> frames = {gradient(57, 31), squares(57, 31, 2), gradient(57, 31)};
    write_gif(folder / "one.gif", frames);
    write_gif(folder / "two.gif", frames);
    EXPECT_EQ(read_file(folder / "one.gif"), read_file(folder / "two.gif"));
}

TEST(Gif, LeavesNoFileUnlessItIsFinished) {
    const TemporaryFolder folder;
    { GifWriter(folder / "unused.gif"); }
    {
        GifWriter gif(folder / "unfinished.gif");
        gif.add(squares(20, 30, 1), 5);
        EXPECT_TRUE(names_in(folder.path).empty());
    }
    EXPECT_TRUE(names_in(folder.path).empty());
    put_bytes(folder / "old.gif", "as it was");
    {
        GifWriter gif(folder / "old.gif");
        gif.add(squares(20, 30, 1), 5);
    }
    EXPECT_EQ(read_file(folder / "old.gif"), "as it was");
}

TEST(Gif, SaysAtOnceThatAFileCannotBeThere) {
    const TemporaryFolder folder;
    expect_contains(error_sentence([&] { GifWriter(folder / "no/film.gif"); }),
                    "there is no folder " + (folder / "no").string() + "; create it first");
    expect_contains(error_sentence([&] { GifWriter{folder.path}; }), "is a folder");
    expect_contains(error_sentence([] { GifWriter(""); }), "names no file");
}

TEST(Gif, TurnsDownFramesThatDoNotFit) {
    const TemporaryFolder folder;
    const fs::path file = folder / "film.gif";
    GifWriter gif(file);
    expect_contains(error_sentence([&] { gif.finish(); }), "an animation needs a frame");
    expect_contains(error_sentence([&] { gif.add({}, 5); }), "0x0 pixels");
    expect_contains(error_sentence([&] { gif.add({70'000, 1, {}}, 5); }), "70000x1 pixels");
    expect_contains(error_sentence([&] { gif.add({3, 2, {1}}, 5); }), "3x2 pixels in 1 bytes");
    gif.add(gradient(9, 5), 5);
    const std::string sentence = error_sentence([&] { gif.add(gradient(5, 9), 5); });
    expect_contains(sentence, "cannot write " + file.string());
    expect_contains(sentence, "9x5 pixels in 180 bytes, but this one has 5x9");
    gif.finish();
    EXPECT_EQ(GifReader(file).frames(), 1);
}
