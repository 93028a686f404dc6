//! The real window as assistive tools get it on Linux: its tree by AT-SPI, walked, and what is heard
//! at keys. Skipped, and said so, where there is no AT-SPI.

use std::io::Write;
use std::process::Command;

#[test]
fn the_real_window_is_read_and_heard() {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("demo.ron");
    std::fs::copy(format!("{root}/projects/demo.ron"), &project).unwrap();
    let walk = Command::new("bash")
        .arg(format!("{root}/tests/at_spi.sh"))
        .arg(env!("CARGO_BIN_EXE_pressmark"))
        .arg(&project)
        .args(["Tab", "Delete", "ctrl+z", "shift+ctrl+Right"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&walk.stdout).into_owned();
    if walk.status.code() == Some(77) {
        // Not by a macro, which tests keep to themselves.
        let mut shown = std::io::stderr();
        writeln!(shown, "the walk of the AT-SPI tree is skipped: {told}").unwrap();
        return;
    }
    let failed = String::from_utf8_lossy(&walk.stderr);
    assert!(walk.status.success(), "{told}\n{failed}");
    for line in [
        "frame 'Pressmark demo – Pressmark' (active)",
        "landmark 'Articles'",
        "landmark 'Codebook and annotations'",
        "list item 'No, Brannoch’s ballot papers were not printed with votes already on them, new' (selected) 1 of 7",
        "list item 'Five ways to keep your home warm without dreading the bill, new' 6 of 7",
        "push button 'Label filter: All labels'",
        "entry 'Filter annotations' (editable selectable-text single-line) text='' caret=-1",
        "document frame 'Article: No, Brannoch’s ballot papers were not printed with votes already on them' (focused) text='No, Brannoch’s",
        "heading 'No, Brannoch’s ballot papers were not printed with votes already on them'",
        "label 'By Ines Halvorsen, elections reporter' text='By Ines Halvorsen, elections reporter\\n' caret=-1",
        "static 'Promotional content, 1 of 16: Follow the Tarn Valley Observer on Facebook, Telegram and Mastodon, beneficiary: Tarn Valley Observer, kind: call to action, by demo'",
        "Tab: is at static 'Promotional content, 1 of 16: ",
        "Delete: says 'Done: delete promotional content, Follow the Tarn",
        "ctrl+z: says 'Undone: delete promotional content, Follow the Tarn",
        "shift+ctrl+Right: selects 'Follow '",
        "shift+ctrl+Right: reads 'Follow the Tarn Valley Observer on Facebook, Telegram and ' at 7",
    ] {
        let is_told = |told: &str| told.trim_start().starts_with(line);
        assert!(told.lines().any(is_told), "“{line}” is not in\n{told}");
    }
}
