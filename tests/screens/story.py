# SPDX-License-Identifier: MIT
"""One night of a data centre, told to a trial desk through the command line.

The golden screens and the pictures of the guide are taken in it.  Everything is
invented.  Times are the desk's (TOBAN_NOW), so the story is the same on every day.
"""

import json
import os
import subprocess

# What the clock says when the screens are opened.
NOW = "2026-11-22T22:41:00+09:00"

MAIL = "顧客一覧をメールで誤送信"


def answers(*yes, unknown=()):
    keys = ["business-disruption", "service-disruption", "information-impairment",
            "security-breach", "control-failure", "major-accident"]
    return {key: "yes" if key in yes else "unknown" if key in unknown else "no" for key in keys}


class Story:
    """Tells it to `program`; the desk is `folder`/desk.db.

    Of another desk the screens are taken behind a service (`served`), or on one that is no
    trial; `words` stand in the keys of its scenes, `env` for what its programs need.
    """

    served = False
    trial = True
    env = ()

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.desk = os.path.join(folder, "desk.db")
        self.words = {}

    def environment(self, at):
        env = dict(os.environ, TOBAN_DESK=self.desk, TOBAN_NOW=at, HOME=self.folder,
                   XDG_DATA_HOME=self.folder, LANG="C.UTF-8", LC_ALL="C.UTF-8")
        env.pop("SSH_AUTH_SOCK", None)
        return env

    def run(self, at, who, *args, given=None, more=None, refused=False, **options):
        env = dict(self.environment(at), **(more or {}))
        command = [self.program] + (["--as", who] if who else []) + ["--json", *args]
        done = subprocess.run(command, env=env, cwd=self.folder, check=False, timeout=60,
                              input=json.dumps(given).encode() if given is not None else b"",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        if (done.returncode != 0) != refused:
            raise SystemExit(f"{at} {who} {args}: {done.stderr.decode()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def report(self, at, who, title, situation, given, **more):
        drill = ["--drill"] if more.pop("drill", False) else []
        fields = {"title": title, "situation": situation, "answers": given, **more}
        return self.run(at, who, "report", "--from", "-", *drill, given=fields)["id"]

    def act(self, at, who, case, step, **fields):
        return self.run(at, who, "act", case, step, "--from", "-", given=fields)

    def tell(self):
        self.run("2026-11-02T09:00:00+09:00", None, "init", "--example")
        self.backup_failure()
        self.wrong_mail()
        self.switch()
        self.login()
        self.power()
        self.camera()
        self.drill()
        self.draft()
        self.alerts()
        self.duty()

    def backup_failure(self):
        """26-0001: on its way to every department."""
        case = self.report("2026-11-03T06:10:00+09:00", "dc-operator-2",
                           "バックアップ2日連続失敗", "夜間のバックアップが2日続けて失敗している。",
                           answers("service-disruption"), contact="内線 2202",
                           place="東京DC 4F", asset="backup-01")
        at = "2026-11-03T06:%02d:00+09:00"
        self.act(at % 20, "dc-owner", case, "acknowledge")
        self.act(at % 25, "dc-owner", case, "instruct", to=["dc-operator-2"],
                 text="テープ装置を切り分けて手動で取り直す。", due="4h")
        self.act(at % 50, "dc-operator-2", case, "respond", text="装置を再起動し、取り直した。")
        self.act("2026-11-04T10:00:00+09:00", "dc-owner", case, "report-result",
                 cause="テープ装置のファームウェア不具合", damage="なし(取り直し済み)",
                 actions="ファームウェアを更新", text="監視の警告が夜間に見落とされていた。")
        self.act("2026-11-04T15:00:00+09:00", "office-staff-1", case, "approve-result")
        self.act("2026-11-05T09:30:00+09:00", "office-staff-1", case, "plan-prevention", measures=[
            {"key": "P1", "text": "夜間の警告を当番の画面に出す", "cause": "警告が見えない",
             "due": "2026-11-20T18:00:00+09:00", "effect_on": "2027-01-20T00:00:00+09:00",
             "departments": ["datacentre", "general-affairs", "maintenance"]},
            {"key": "P2", "text": "復元の訓練を年2回行う", "cause": "手順に慣れていない",
             "due": "2026-12-15T18:00:00+09:00", "effect_on": "2027-03-01T00:00:00+09:00",
             "departments": ["datacentre", "sales", "legal"]}])
        self.act("2026-11-10T09:00:00+09:00", "office-staff-1", case, "review-item",
                 item="policy", verdict="no-change", text="方針は変わらない。")
        self.act("2026-11-12T11:00:00+09:00", "dc-owner", case, "apply", measure="P1",
                 department="datacentre", evidence="警告の表示を確認した画面の写し")
        self.act("2026-11-13T11:00:00+09:00", "office-staff-2", case, "accept", measure="P1",
                 department="datacentre")
        self.act("2026-11-14T16:00:00+09:00", "ga-deputy-1", case, "apply", measure="P1",
                 department="general-affairs", evidence="掲示の写し")

    def wrong_mail(self):
        """26-0002: a result that was returned and written anew."""
        case = self.report("2026-11-22T18:05:00+09:00", "dc-operator-1", MAIL,
                           "宛先を誤り、顧客214名の一覧を社外の1名に送信した。",
                           answers("information-impairment"), contact="内線 2201",
                           personal_data="yes", asset="顧客一覧 (214名)")
        self.act("2026-11-22T18:11:00+09:00", "dc-owner", case, "acknowledge")
        self.act("2026-11-22T18:20:00+09:00", "dc-owner", case, "instruct", to=["dc-operator-1"],
                 text="受信者に削除を依頼する。ログを保全する。顧客窓口へ連絡する。", due="1h")
        self.act("2026-11-22T18:42:00+09:00", "dc-operator-1", case, "respond",
                 text="受信者が削除に同意。削除の確認メールを受領した。")
        first = {"cause": "宛先の自動補完を確認せずに送信した。", "damage": "210名",
                 "actions": "受信者に削除を依頼した。", "text": "二次流出は不明。"}
        self.act("2026-11-22T20:50:00+09:00", "dc-owner", case, "report-result", **first)
        self.act("2026-11-22T21:32:00+09:00", "office-staff-1", case, "return-result",
                 why="人数が報告と合わない。二次流出の有無を確かめること。")
        second = dict(first, damage="214名",
                      actions="受信者に削除を依頼し、確認メールを受領した。",
                      cause="宛先の自動補完を確認せずに送信した。\n"
                            "送信前確認の手順(運用規程 5.3)が守られていなかった。",
                      text="二次流出なし(受信者の削除確認 18:42)。")
        self.act("2026-11-22T22:10:00+09:00", "dc-owner", case, "report-result", **second)

    def switch(self):
        """26-0003: being worked on."""
        case = self.report("2026-11-22T20:15:00+09:00", "dc-operator-2",
                           "L3 switch of the virtual platform flapping",
                           "Ports 1-12 go up and down every few minutes; 14 virtual servers slow.",
                           answers("service-disruption"), contact="ext. 2202",
                           place="Tokyo DC 3F A-07", asset="vsw-l3-1")
        self.act("2026-11-22T20:21:00+09:00", "dc-deputy-1", case, "acknowledge")
        self.act("2026-11-22T20:30:00+09:00", "dc-deputy-1", case, "instruct",
                 to=["dc-operator-2"], text="Move the servers to the standby switch.", due="2h")

    def login(self):
        """26-0004: a suspicion, just reported; one was called and not reached."""
        case = self.report("2026-11-22T22:23:00+09:00", "dc-operator-1",
                           "不審なログイン（海外IP）",
                           "VPNゲートウェイの監視で、海外IP 203.0.113.5 からの管理者ログイン成功を"
                           "1件検知。本人に電話で確認、心当たりなし。",
                           answers(unknown=["security-breach"]), contact="内線 2201",
                           found_at="2026-11-22T22:13:00+09:00", place="東京DC 3F B-12",
                           asset="vpn-gw-2", done_so_far="アカウントを停止した(22:19)。")
        self.act("2026-11-22T22:25:00+09:00", "dc-operator-1", case, "call", to="dc-owner",
                 number="03-5550-0101", outcome="no-answer")

    def power(self):
        """26-0005: a major accident is proposed and decided."""
        case = self.report("2026-11-22T21:52:00+09:00", "dc-operator-2",
                           "東京DC 電源系統の全停止", "受電設備の故障で全系統が停止。UPSで20分。",
                           answers("business-disruption", "service-disruption", "major-accident"),
                           contact="内線 2202", place="東京DC")
        self.act("2026-11-22T21:55:00+09:00", "dc-owner", case, "acknowledge")
        self.act("2026-11-22T21:58:00+09:00", "office-head", case, "decide-major", major="yes",
                 why="全顧客のサービスが止まる。")
        self.act("2026-11-22T22:02:00+09:00", "crisis-1", case, "acknowledge")

    def camera(self):
        """26-0006: another department's."""
        self.report("2026-11-22T17:30:00+09:00", "ga-staff-1", "監視カメラの録画停止",
                    "2Fの廊下の録画が朝から止まっている。", answers("control-failure"),
                    contact="内線 3301", place="本社 2F")

    def drill(self):
        self.report("2026-11-22T15:00:00+09:00", "dc-operator-2", "訓練: ラック施錠漏れ",
                    "訓練のための報告。", answers("control-failure"), contact="内線 2202",
                    drill=True)

    def draft(self):
        self.run("2026-11-22T22:39:00+09:00", "dc-operator-1", "call", "draft.save", json.dumps(
            {"form": "report", "fields": {"title": "ラック施錠漏れ", "contact": "内線 2201",
                                          "answers": {"control-failure": "yes"}}}))

    def alerts(self):
        """Two of them wait; one is over."""
        self.run("2026-11-22T22:05:00+09:00", "dc-operator-2", "intake", "json", given={"alerts": [
            {"key": "temp-4f-12", "title": "温度上昇 東京DC 4F 列12", "text": "吸気 31.5℃(閾値 30℃)",
             "place": "東京DC 4F", "asset": "ac-12", "labels": {"severity": "warning"}},
            {"key": "ups-b", "title": "UPS-B on battery", "text": "input voltage lost"}]})
        self.run("2026-11-22T22:30:00+09:00", "dc-operator-2", "intake", "json", given={
            "key": "ups-b", "title": "UPS-B on battery", "status": "resolved"})

    def end(self):
        """What it started ends when the screens are taken."""

    def call(self, at, who, method, **args):
        return self.run(at, who, "call", method, json.dumps(args))

    def duty(self):
        """General affairs have a roster with a gap and an exception; two people are away."""
        at = "2026-11-22T22:%02d:00+09:00"
        rows = [("mon-fri", "08:30", "17:30", "ga-deputy-1"), ("wed", "08:30", "17:30", "ga-deputy-2"),
                ("sun-thu", "17:30", "08:30", "ga-staff-1"), ("fri", "17:30", "08:30", "ga-owner"),
                ("sun", "08:30", "17:30", "ga-owner")]
        self.call(at % 32, "ga-owner", "roster.set", since="2026-11-16",
                  rows=[dict(zip(("when", "from", "to", "person"), row)) for row in rows])
        self.call(at % 33, "ga-owner", "roster.except", rows=[
            {"when": "2026-11-23", "from": "08:30", "to": "17:30", "person": "nobody"}])
        self.call(at % 34, "ga-deputy-2", "person.absent", until="2026-11-30",
                  stand_in="ga-deputy-1", why="出張")
        self.call(at % 35, "ga-owner", "person.absent", until="2026-11-24 12:00")
        self.call(at % 36, "ga-deputy-1", "way.confirm", kind="telephone", value="03-5550-0111")
