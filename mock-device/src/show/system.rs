//! Configuration, version, hardware, flash: forms attested by captures (fact sheet 5, 6 and 8).

use crate::router::Router;
use crate::scenario::EmptyStartup;

fn header(router: &Router, version: &str) -> Vec<String> {
    let model = router.spec.model;
    vec![
        "! NEC Portable Internetwork Core Operating System Software".to_owned(),
        format!("! IX Series {} ({}) Software, Version {version}, RELEASE SOFTWARE", model.name(), model.family()),
        "! Compiled Oct 25-Tue-2022 12:37:13 JST #2".to_owned(),
    ]
}

pub fn running(router: &Router) -> Vec<String> {
    let mut lines = header(router, router.spec.version());
    lines.push(format!("! Current time {}", router.clock.stamp()));
    lines.push("!".to_owned());
    lines.extend(router.body());
    lines
}

pub fn startup(router: &Router) -> Vec<String> {
    let capacity = router.spec.model.startup_capacity();
    let Some(saved) = &router.startup else {
        return match router.spec.readings.empty_startup {
            EmptyStartup::Zero => vec![format!("Using 0 out of {capacity} bytes"), String::new()],
            EmptyStartup::Refuse => vec![router.spec.readings.texts.no_startup.clone()],
        };
    };
    let mut text = header(router, &saved.version);
    text.push(format!("! Last updated {}", saved.stamp));
    text.push("!".to_owned());
    text.extend(saved.body.iter().cloned());
    let used: usize = text.iter().map(|line| line.len() + 1).sum();
    let mut lines = vec![format!("Using {used} out of {capacity} bytes"), String::new()];
    lines.append(&mut text);
    lines
}

pub fn uptime(router: &Router) -> String {
    let seconds = router.clock.uptime().as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
    format!("System uptime is {days} days {hours} hours {minutes} minutes")
}

pub fn version(router: &Router) -> Vec<String> {
    let model = router.spec.model;
    let version = router.spec.version();
    let image = format!("{}-ms-{version}.ldc", model.name().to_ascii_lowercase());
    let lan = model.devices().iter().filter(|name| name.starts_with("Giga")).count();
    let mut lines = vec![
        "NEC Portable Internetwork Core Operating System Software".to_owned(),
        format!("IX Series {} ({}) Software, Version {version}, RELEASE SOFTWARE", model.name(), model.family()),
        "Compiled Oct 25-Tue-2022 12:37:13 JST #2 by sw-build, coregen-10.7(18)  ".to_owned(),
        String::new(),
        "ROM: System Bootstrap, Version 22.1".to_owned(),
        "System Diagnostic, Version 22.1".to_owned(),
        "Initialization Program, Version 3.1".to_owned(),
        String::new(),
        uptime(router),
        match router.woke_up {
            "power-on" => "System woke up by reload, caused by power-on".to_owned(),
            cause => format!("System woke up by reload, caused by {cause}"),
        },
        format!("System started at {}", router.clock.boot_stamp()),
        format!("System image file is \"{image}\""),
        String::new(),
        "Processor board ID <0>".to_owned(),
        format!("{} (P1010E) processor with 262144K bytes of memory.", model.name()),
        format!("{lan} GigaEthernet/IEEE 802.3 interfaces"),
    ];
    if model.devices().contains(&"BRI0") {
        lines.push("1 ISDN Basic Rate interface".to_owned());
        lines.push("1 USB interface".to_owned());
    }
    lines.push("1024K bytes of non-volatile configuration memory.".to_owned());
    lines.push("32768K bytes of processor board System flash (Read/Write)".to_owned());
    lines.push(String::new());
    let based = if router.startup.is_some() { "startup-configuration" } else { "default-configuration" };
    lines.push(format!("Current configuration is based on \"{based}\""));
    lines
}

pub fn hardware(router: &Router) -> Vec<String> {
    let model = router.spec.model.name();
    let serial = router.spec.serial();
    let mut lines = vec![
        format!("IX Series {model} Hardware Platform"),
        String::new(),
        format!("S/N: {serial}"),
        String::new(),
        "ZTP<0>:".to_owned(),
        format!("  ZTP ID         : 000000000000#IX#{model}#{serial}"),
        "  Status         : stopped".to_owned(),
        "  Next boot mode : normal mode".to_owned(),
        String::new(),
        "Processor board:".to_owned(),
        "  Processor board ID <0>".to_owned(),
        "  CPU/DDR3/CSB/LBUS clock frequencies are 792/792/396/99 MHz".to_owned(),
        "  P1010E processor (revision 0x80f90010)".to_owned(),
        "  262144K bytes of main memory".to_owned(),
        "  1024K bytes of non-volatile configuration memory".to_owned(),
        "  32768K bytes of processor flash memory <0>".to_owned(),
        String::new(),
        "IPsec accelerator:".to_owned(),
        "  on board security engine(SEC4.4), revision 0x100".to_owned(),
        String::new(),
    ];
    for device in router.spec.model.devices().iter().filter(|name| !name.starts_with("USB")) {
        lines.push(format!("Onboard interface unit {device}:"));
        lines.push(match router.spec.model.switch_ports(device) {
            _ if device.starts_with("BRI") => "  BRI Transceiver is YTD439".to_owned(),
            0 => "  GigaEthernet Transceiver is VSC8552".to_owned(),
            _ => "  GigaEthernet Switch with Transceivers is VSC7424".to_owned(),
        });
    }
    lines.push(String::new());
    lines.push("LED information:".to_owned());
    lines.push("  PWR: On     ALM: Off    BSY: Off".to_owned());
    lines.push("  VPN: Off    PPP: Off    BAK: Off".to_owned());
    lines
}

/// The name of the key's file is attested, the table around it only in its columns.
pub fn flash(router: &Router) -> Vec<String> {
    let model = router.spec.model.name().to_ascii_lowercase();
    let mut lines = vec![
        "Codes: M - Main-side, B - Backup-side, N - Newfile, R - Runnable".to_owned(),
        "       A - Active-file, + - Next-boot, * - Bootmode-select".to_owned(),
        "  Status  Length    Name".to_owned(),
        format!("  M-RA+   12582912  {model}-ms-{}.ldc", router.spec.version()),
    ];
    if router.host_key.is_some() {
        lines.push("  -----   1679      SYSTEM-PRIVATE-KEY".to_owned());
    }
    lines
}
