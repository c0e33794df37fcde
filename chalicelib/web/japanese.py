"""What the pages say in Japanese, by what they say in English."""

from collections.abc import Mapping

from chalicelib.web.japanese_names import NAMES

JAPANESE: Mapping[str, str] = {
    **NAMES,
    # all pages
    "All campaigns": "すべてのキャンペーン",
    "Live": "自動更新中",
    "Updates paused": "自動更新を停止中",
    "Not live: no answer at the moment": "現在応答がなく、更新できません",
    "Pause updates": "更新を止める",
    "Resume updates": "更新を再開する",
    "Reload": "再読み込み",
    # the report: its heading and key figures
    "Delivery report": "配信レポート",
    "{done} of {rows} rows are done.": "{rows} 行のうち {done} 行の処理が終わりました。",
    "{done} of {rows} rows are done ({share}).": "{rows} 行のうち {done} 行の処理が終わりました（{share}）。",
    "This campaign has ended.": "このキャンペーンは終了しました。",
    "The list is being read.": "宛先リストを読み込んでいます。",
    "Every row is done; the report is being closed.": "全行の処理が終わり、レポートを締めています。",
    "Mail": "メール",
    "List": "宛先リスト",
    "Started": "開始",
    "Ended": "終了",
    "Key figures": "主な数値",
    "Delivered": "到達",
    "Opened by people": "開封（人）",
    "Clicked by people": "クリック（人）",
    "{share} of {rows} rows": "全 {rows} 行の {share}",
    "{count} of {of} accepted": "受理 {of} 通のうち {count} 通",
    "{count} of {of} delivered": "到達 {of} 通のうち {count} 通",
    "with programs {share}": "プログラムを含めると {share}",
    "{count} more for now": "ほかに一時的な不達 {count} 通",
    "complaints: {count} ({share})": "苦情 {count} 件（{share}）",
    "“By people” leaves out the programs that open mails and follow links before people do, such as security scanners; "
    "“with programs” is all that came in. Hato cannot see who reads without loading pictures, and cannot always tell "
    "when Apple’s Mail loads them by itself.": "「人」の数値は、セキュリティ検査のように人より先にメールを開き、"
    "リンクをたどるプログラムを除いたものです。「プログラムを含む」数値は、届いた通知のすべてです。"
    "画像を読み込まずに読んだ人は数えられず、"
    "Apple のメールアプリが自動で読み込んだ画像は見分けられないことがあります。",
    # the report: rows
    "From the list to the click": "宛先リストからクリックまで",
    "Step": "段階",
    "Mails": "通数",
    "Share": "割合",
    "Rows of the list": "宛先リストの行数",
    "{share} of the rows": "全行の {share}",
    "{share} of the accepted": "受理の {share}",
    "{share} of the delivered": "到達の {share}",
    "Every row of the list": "全行の結果",
    "How it ended": "結果",
    "Rows": "行数",
    "Still to come": "これから処理",
    "balanced": "一致",
    "No row of the list was read.": "宛先リストは 1 行も読み込まれていません。",
    "Balanced: every row has come to exactly one of these ends.": "合計が一致しています。"
    "どの行の結果も、上のいずれか 1 つです。",
    "Not balanced. Rows that are not accounted for: {count}.": "合計が一致していません。"
    "{count} 行の結果がわかりません。",
    "The ends and what is still to come add up to the rows of the list.": "各結果と「これから処理」の合計が、"
    "宛先リストの行数です。",
    # the report: over time
    "Over time": "時間の推移",
    "Deliveries": "到達",
    "Opens": "開封",
    "Clicks": "クリック",
    "From {first} to {last}. A mail counts when it is first delivered, opened or clicked.": ""
    "{first} から {last} まで。各メールを、最初の到達、開封、クリックの時刻で 1 回ずつ数えています。",
    "One bar is one hour.": "棒 1 本が 1 時間です。",
    "One bar is one day (UTC).": "棒 1 本が 1 日（UTC）です。",
    "One bar is {days} days (UTC).": "棒 1 本が {days} 日間（UTC）です。",
    "Nothing was delivered, opened or clicked yet.": "到達、開封、クリックはまだありません。",
    "by people: {count}": "人：{count}",
    "with programs": "プログラムを含む",
    "{count} in all; the most, {peak}, from {at} UTC.": "合計 {count}。最多は {at}（UTC）からの {peak}。",
    "None.": "なし。",
    "The same as a table": "表で見る",
    "From (UTC)": "開始（UTC）",
    "Opened, all": "開封（すべて）",
    "Clicked, all": "クリック（すべて）",
    # the report: what there are several of
    "Bounces and what else went wrong": "不達（バウンス）とそのほかの問題",
    "What": "内容",
    "Of accepted": "受理に対する割合",
    "For good: the address is never written to again. For now: the mailbox was full, or somebody was away; the mail "
    "may have arrived all the same. One mail can be in several lines.": "恒久的な不達：そのアドレスには今後送りません。"
    "一時的な不達：満杯や不在などが理由で、実際には届いていることもあります。"
    "1 通が複数の行に数えられることがあります。",
    "By mail provider": "メールサービス別",
    "Provider": "メールサービス",
    "For good": "恒久的な不達",
    "For now": "一時的な不達",
    "Bounced": "不達率",
    "{count} more": "ほか {count} 件",
    "Links that were followed": "クリックされたリンク",
    "Link": "リンク",
    "People": "人",
    "All": "すべて",
    "none of the mail’s own links": "メール内のリンク以外",
    "Why rows were not sent": "送信しなかった理由",
    "Why": "理由",
    "Events that Hato does not know": "Hato の知らない通知",
    "SES told of something new about these mails. It is kept and counted here, and changes no other number.": ""
    "SES から、これらのメールについて新しい種類の通知がありました。"
    "ここに記録して数えていますが、ほかの数値には影響しません。",
    "SES’s own name": "SES での名称",
    "Downloads": "ダウンロード",
    "Every row and how it ended (report.csv)": "全行とその結果（report.csv）",
    "These numbers as CSV": "この数値を CSV で",
    "These numbers as JSON": "この数値を JSON で",
    "What became of the mails to one address?": "あるアドレス宛てのメールがどうなったかを調べる",
    "Look it up": "調べる",
    # all campaigns
    "Campaigns": "キャンペーン",
    "Campaign": "キャンペーン",
    "Accepted": "受理",
    "Campaigns under way: {count}.": "{count} 件のキャンペーンが進行中です。",
    "No campaign is under way.": "進行中のキャンペーンはありません。",
    "{mail} to {list}": "{mail} → {list}",
    "Clicked": "クリック",
    "Delivered and bounced (for good) are shares of the mails that SES accepted; opened and clicked are shares of the "
    "delivered, by people alone.": "到達と不達（恒久的）は SES が受理した通数に対する割合、"
    "開封とクリックは到達した通数に対する割合（人のみ）です。",
    "There is no campaign yet. Put a list into the upload bucket, or use {command}, and it shows up here.": ""
    "キャンペーンはまだありません。"
    "アップロード用バケットに宛先リストを置くか、{command} を実行すると、ここに表示されます。",
    "Older campaigns": "以前のキャンペーン",
    # one recipient
    "Back": "戻る",
    "One recipient": "受信者",
    "Must not be written to.": "送信できません。",
    "Nothing is against writing to this address.": "このアドレスへの送信を妨げるものはありません。",
    "What is known of the contact": "連絡先の情報",
    "Nothing: the address is in no list of contacts.": "情報はありません。このアドレスは連絡先に登録されていません。",
    "Mails to this address": "このアドレス宛てのメール",
    "by a program": "プログラム",
    "Nothing is known of it yet.": "まだ何もわかっていません。",
    "No mail of any campaign went to this address.": "このアドレスにキャンペーンのメールは送られていません。",
    # messages
    "This link does not work": "このリンクは使えません",
    "This is not there": "見つかりません",
    "This cannot be shown": "表示できません",
    "Whoever runs these mailings can make a new link with {command}.": ""
    "新しいリンクは、配信の担当者が {command} で作れます。",
    # the page that lets people out
    "Unsubscribe": "配信を停止する",
    "It is cut short or was changed. Open the link in the mail once more, or copy all of it.": ""
    "リンクが途中で切れているか、書き換えられています。メールにあるリンクをもう一度開いてください。",
    "Unsubscribe?": "メールの配信を停止しますか",
    "With one click, no more mail is sent to {address}.": "{address} 宛てのメールの配信を停止します。",
    "You are unsubscribed": "配信を停止しました",
    "No more mail will be sent to {address}.": "{address} 宛てのメールは今後お送りしません。",
    "Was that a mistake? You can have the mail again.": "お間違いの場合は、こちらから配信を再開できます。",
    "Subscribe again": "配信を再開する",
    "You are subscribed again": "配信を再開しました",
    "Mail will be sent to {address}.": "{address} 宛てにメールをお送りします。",
}
