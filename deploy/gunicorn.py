"""How gunicorn serves the site in production; the environment may change the numbers."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_tmp_dir = "/dev/shm"  # noqa: S108 (memory: a heartbeat file on a slow disk would look like a hung worker)
timeout = 60
graceful_timeout = 30
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
loglevel = "warning"
# nginx is the only one who can reach this port, so what it says about client and scheme is believed.
forwarded_allow_ips = "*"
