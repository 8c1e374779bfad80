#include "tools/datagen/node/deployment.hpp"

namespace datagen::tools {

std::string node_file(const planned_host& host) {
  std::string result =
    "# One host of a Datagen network: `datagen node --config node.toml`.\n"
    "# Roles and neighbours stand in network.toml; paths are relative to this "
    "file.\n"
    "host = \"" +
    host.name +
    "\"\n"
    "genesis = \"genesis.bin\"\n"
    "network = \"network.toml\"\n"
    "keys = \"keys\"                    # whoever reads and opens them is this "
    "host\n"
    "data = \"data\"                    # never run two hosts on copies of it\n"
    "\n[links]\n"
    "listen = \"" +
    to_string(host.listens) + "\"\n";
  if (host.api)
    result += "\n[api]\nlisten = \"" + to_string(*host.api) +
              "\"       # put a TLS proxy before it to serve others\n";
  return result +
         "\n[kernels]\n"
         "lanes = 2                        # jobs at a time on each device\n"
         "threads = 0                      # of one job; 0 = one per processor\n"
         "batch = 64                       # small jobs that a lane takes at once; 1 = one by one\n"
         "# workers = [\"10.0.0.7:7480\"]    # this operator's other hosts that run `datagen worker`\n"
         "# inside_keys = \"inside\"         # from deploy/inside-keys\n";
}

std::string systemd_unit(const planned_host& host) {
  return "# /etc/systemd/system/datagen.service; this host's directory is /etc/datagen\n"
         "[Unit]\n"
         "Description=Datagen host " +
         host.name +
         "\n"
         "After=network-online.target time-sync.target\n"
         "Wants=network-online.target time-sync.target\n"
         "\n[Service]\n"
         "ExecStart=/usr/bin/datagen node --config /etc/datagen/node.toml --passphrase-file "
         "%d/passphrase\n"
         "LoadCredential=passphrase:/etc/datagen/passphrase\n"
         "User=datagen\n"
         "ExecReload=/bin/kill -HUP $MAINPID\n"
         "Restart=on-failure\n"
         "RestartSec=2\n"
         "# A configuration or a lost database that is refused stays refused.\n"
         "RestartPreventExitStatus=2 65 73 77 78\n"
         "TimeoutStopSec=20\n"
         "LimitNOFILE=65536\n"
         "ReadWritePaths=/etc/datagen/data\n"
         "ProtectSystem=strict\n"
         "ProtectHome=yes\n"
         "PrivateTmp=yes\n"
         "NoNewPrivileges=yes\n"
         "CapabilityBoundingSet=\n"
         "ProtectKernelTunables=yes\n"
         "ProtectKernelModules=yes\n"
         "ProtectKernelLogs=yes\n"
         "ProtectControlGroups=yes\n"
         "ProtectClock=yes\n"
         "ProtectHostname=yes\n"
         "RestrictNamespaces=yes\n"
         "RestrictRealtime=yes\n"
         "RestrictSUIDSGID=yes\n"
         "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"
         "LockPersonality=yes\n"
         "SystemCallArchitectures=native\n"
         "SystemCallFilter=@system-service\n"
         "UMask=0077\n"
         "\n[Install]\n"
         "WantedBy=multi-user.target\n";
}

std::string compose_file(const network_plan& plan) {
  std::string result =
    "# All hosts of this network on one machine, each in a container of its own.\n"
    "services:\n";
  for (const auto& host : plan)
    result += "  " + host.name +
              ":\n"
              "    image: ${DATAGEN_IMAGE:-datagen}\n"
              "    command: [node, --config, /host/node.toml, --passphrase-file, "
              "/run/secrets/passphrase]\n"
              "    volumes: [\"./hosts/" +
              host.name +
              ":/host\"]\n"
              "    network_mode: host\n"
              "    read_only: true\n"
              "    cap_drop: [ALL]\n"
              "    security_opt: [\"no-new-privileges:true\"]\n"
              "    secrets: [passphrase]\n"
              "    stop_grace_period: 20s\n"
              "    restart: on-failure\n";
  return result + "secrets:\n  passphrase:\n    file: ${DATAGEN_PASSPHRASE_FILE:-./passphrase}\n";
}

std::string prometheus_file(const network_plan& plan) {
  std::string targets;
  for (const auto& host : plan)
    if (host.api)
      targets += "      - targets: [\"" + host.reached.host + ":" + std::to_string(host.api->port) +
                 "\"]\n        labels: {host: " + host.name + "}\n";
  return "scrape_configs:\n  - job_name: datagen\n    static_configs:\n" + targets;
}

}  // namespace datagen::tools
